/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)

/* n bytes. In assembly because compilers do not make tail-predicated loops of them. */
static inline int8_t *copy(int8_t *to, const int8_t *from, uint32_t n) {
    int8_t *end = to + n;
    __asm__ volatile("wlstp.8 lr, %2, 2f\n"
                     "1: vldrb.u8 q0, [%1], #16\n"
                     "vstrb.8 q0, [%0], #16\n"
                     "letp lr, 1b\n"
                     "2:"
                     : "+l"(to), "+l"(from)
                     : "r"(n)
                     : "lr", "d0", "d1", "memory");
    return end;
}

static inline int8_t *fill(int8_t *to, int8_t value, uint32_t n) {
    int8_t *end = to + n;
    __asm__ volatile("vdup.8 q0, %1\n"
                     "wlstp.8 lr, %2, 2f\n"
                     "1: vstrb.8 q0, [%0], #16\n"
                     "letp lr, 1b\n"
                     "2:"
                     : "+l"(to)
                     : "r"(value), "r"(n)
                     : "lr", "d0", "d1", "memory");
    return end;
}

/* Writes the patch of the columns from `first` on; row[0] is its first input row. A window within the frame whose
 * pixels lie side by side is one run of bytes in each row. */
static inline void gather(const edge_conv_2d_s8_mve_params *p, int8_t *const *row, uint32_t pitch, int32_t first,
                          int8_t *patch) {
    const uint32_t depth = p->depth;
    const int32_t last = first + (p->kernel_w - 1) * p->dilation_w;
    if (p->dilation_w != 1 || pitch != depth) {
        for (unsigned ky = p->kernel_h; ky > 0; ky--, row += p->dilation_h) {
            int32_t column = first;
            for (unsigned kx = p->kernel_w; kx > 0; kx--, column += p->dilation_w) {
                patch = (uint32_t)column < p->in_width ? copy(patch, *row + (uint32_t)column * pitch, depth)
                                                       : fill(patch, p->in_zero_point, depth);
            }
        }
        return;
    }
    const uint32_t down = p->dilation_h;
    if (first >= 0 && last < p->in_width) {
        const uint32_t offset = (uint32_t)first * depth, run = p->kernel_w * depth;
        for (unsigned ky = p->kernel_h; ky > 0; ky--, row += down) {
            patch = copy(patch, *row + offset, run);
        }
        return;
    }
    const int32_t to = last < p->in_width ? last + 1 : p->in_width, from = first < 0 ? 0 : first;
    const uint32_t before = (uint32_t)(from - first) * depth, after = (uint32_t)(last + 1 - to) * depth;
    for (unsigned ky = p->kernel_h; ky > 0; ky--, row += down) {
        patch = fill(patch, p->in_zero_point, before);
        patch = copy(patch, *row + (uint32_t)from * depth, (uint32_t)(to - from) * depth);
        patch = fill(patch, p->in_zero_point, after);
    }
}

void edge_conv_2d_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_conv_2d_s8_mve_params *p = op->params;
    (void)state;
    edge_gemm_plan_s8_mve plan;
    edge_gemm_make_plan_s8_mve(&plan, &p->gemm);
    int8_t *const patch = scratch;
    const uint32_t step = ((uint32_t)p->kernel_h * p->kernel_w * p->depth + 3) & ~3u;
    int8_t *waiting = NULL; /* an output whose patch lies in the first place */
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        int32_t column = -(int32_t)p->pad_left;
        for (unsigned x = p->out_width; x > 0; x--, y += out->pitch, column += p->stride_w) {
            gather(p, row, in->pitch, column, waiting == NULL ? patch : patch + step);
            if (waiting == NULL) {
                waiting = y;
            } else {
                edge_gemm_core_s8_mve(patch, waiting, &plan, step, (uint32_t)y - (uint32_t)waiting, 1);
                waiting = NULL;
            }
        }
    }
    if (waiting != NULL) {
        edge_gemm_one_s8_mve(patch, waiting, &p->gemm);
    }
}

#endif
