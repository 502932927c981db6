/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)

/* n > 0 bytes. In assembly because compilers do not make tail-predicated loops of them. */
static inline int8_t *copy(int8_t *to, const int8_t *from, uint32_t n) {
    int8_t *end = to + n;
    __asm__ volatile("dlstp.8 lr, %2\n"
                     "1: vldrb.u8 q0, [%1], #16\n"
                     "vstrb.8 q0, [%0], #16\n"
                     "letp lr, 1b"
                     : "+l"(to), "+l"(from)
                     : "r"(n)
                     : "lr", "d0", "d1", "memory");
    return end;
}

static inline int8_t *fill(int8_t *to, int8_t value, uint32_t n) {
    int8_t *end = to + n;
    __asm__ volatile("vdup.8 q0, %1\n"
                     "dlstp.8 lr, %2\n"
                     "1: vstrb.8 q0, [%0], #16\n"
                     "letp lr, 1b"
                     : "+l"(to)
                     : "r"(value), "r"(n)
                     : "lr", "d0", "d1", "memory");
    return end;
}

/* Writes the patch of output column x; row[0] is its first input row. */
static inline void gather(const edge_conv_2d_s8_mve_params *p, int8_t *const *row, uint32_t pitch, unsigned x,
                          int8_t *patch) {
    const int32_t first = (int32_t)(x * p->stride_w) - p->pad_left;
    const int32_t last = first + (p->kernel_w - 1) * p->dilation_w;
    const uint32_t depth = p->depth;
    if (first >= 0 && last < p->in_width && p->dilation_w == 1 && pitch == depth) {
        const uint32_t offset = (uint32_t)first * pitch, run = p->kernel_w * depth, down = p->dilation_h;
        for (unsigned ky = p->kernel_h; ky > 0; ky--, row += down) {
            patch = copy(patch, *row + offset, run);
        }
        return;
    }
    for (unsigned ky = 0; ky < p->kernel_h; ky++, row += p->dilation_h) {
        int32_t column = first;
        for (unsigned kx = 0; kx < p->kernel_w; kx++, column += p->dilation_w) {
            patch = (uint32_t)column < p->in_width ? copy(patch, *row + (uint32_t)column * pitch, depth)
                                                   : fill(patch, p->in_zero_point, depth);
        }
    }
}

void edge_conv_2d_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_conv_2d_s8_mve_params *p = op->params;
    (void)state;
    int8_t *patch = scratch;
    const uint32_t step = ((uint32_t)p->kernel_h * p->kernel_w * p->depth + 3) & ~3u;
    int8_t *waiting = NULL; /* an output whose patch lies in the first place */
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        for (unsigned x = 0; x < p->out_width; x++, y += out->pitch) {
            gather(p, row, in->pitch, x, waiting == NULL ? patch : patch + step);
            if (waiting == NULL) {
                waiting = y;
            } else {
                edge_gemm_core_s8_mve(patch, waiting, &p->gemm, step, (uint32_t)y - (uint32_t)waiting, 1);
                waiting = NULL;
            }
        }
    }
    if (waiting != NULL) {
        edge_gemm_core_s8_mve(patch, waiting, &p->gemm, 0, 0, 1);
    }
}

#endif
