/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)

/* The loops are in assembly because compilers do not make tail-predicated loops of them. */

static inline void fill(int8_t *to, int8_t value, uint32_t n) {
    __asm__ volatile("vdup.8 q0, %1\n"
                     "wlstp.8 lr, %2, 2f\n"
                     "1: vstrb.8 q0, [%0], #16\n"
                     "letp lr, 1b\n"
                     "2:"
                     : "+l"(to)
                     : "r"(value), "r"(n)
                     : "lr", "d0", "d1", "memory");
}

/* n > 0 bytes at `offset` of each of `rows` rows, `down` pointers apart, to places `to_step` bytes apart. */
static inline void copy(int8_t *const *row, uint32_t down, uint32_t offset, uint32_t n, int8_t *to, uint32_t to_step,
                        uint32_t rows) {
    const int8_t *from;
    int8_t *place;
    __asm__ volatile("1: ldr %3, [%0]\n"
                     "add %0, %5\n"
                     "add %3, %6\n"
                     "mov %4, %1\n"
                     "dlstp.8 lr, %7\n"
                     "2: vldrb.u8 q0, [%3], #16\n"
                     "vstrb.8 q0, [%4], #16\n"
                     "letp lr, 2b\n"
                     "add %1, %8\n"
                     "subs %2, #1\n"
                     "bne 1b"
                     : "+r"(row), "+r"(to), "+r"(rows), "=&l"(from), "=&l"(place)
                     : "r"(down * sizeof *row), "r"(offset), "r"(n), "r"(to_step)
                     : "lr", "cc", "d0", "d1", "memory");
}

/* The same of three rows, one below the other, for `pixels` windows, `stride` bytes apart; n up to 16, to_step = n.
 * Patches are `step` bytes apart. */
static inline void copy_three(int8_t *const *row, uint32_t offset, uint32_t n, int8_t *to, uint32_t stride,
                              uint32_t step, uint32_t pixels) {
    const int8_t *a = row[0] + offset, *b = row[1] + offset, *c = row[2] + offset;
    int8_t *second, *third;
    __asm__ volatile("vctp.8 %6\n"
                     "dls lr, %9\n"
                     "1: vpsttt\n"
                     "vldrbt.u8 q0, [%1]\n"
                     "vldrbt.u8 q1, [%2]\n"
                     "vldrbt.u8 q2, [%3]\n"
                     "add %4, %0, %6\n"
                     "add %5, %4, %6\n"
                     "vpsttt\n"
                     "vstrbt.8 q0, [%0]\n"
                     "vstrbt.8 q1, [%4]\n"
                     "vstrbt.8 q2, [%5]\n"
                     "add %1, %7\n"
                     "add %2, %7\n"
                     "add %3, %7\n"
                     "add %0, %8\n"
                     "le lr, 1b"
                     : "+l"(to), "+l"(a), "+l"(b), "+l"(c), "=&l"(second), "=&l"(third)
                     : "r"(n), "r"(stride), "r"(step), "r"(pixels)
                     : "lr", "d0", "d1", "d2", "d3", "d4", "d5", "memory");
}

/* The same for any n. */
static inline void copy_three_wide(int8_t *const *row, uint32_t offset, uint32_t n, int8_t *to, uint32_t stride,
                                   uint32_t step, uint32_t pixels) {
    const int8_t *a = row[0] + offset, *b = row[1] + offset, *c = row[2] + offset;
    int8_t *place;
    const uint32_t rest = stride - ((n + 15) & ~15u); /* modulo 2^32 */
    __asm__ volatile("1: mov %4, %0\n"
                     "dlstp.8 lr, %6\n"
                     "2: vldrb.u8 q0, [%1], #16\n"
                     "vstrb.8 q0, [%4], #16\n"
                     "letp lr, 2b\n"
                     "add %4, %0, %6\n"
                     "dlstp.8 lr, %6\n"
                     "3: vldrb.u8 q0, [%2], #16\n"
                     "vstrb.8 q0, [%4], #16\n"
                     "letp lr, 3b\n"
                     "add %4, %0, %6, lsl #1\n"
                     "dlstp.8 lr, %6\n"
                     "4: vldrb.u8 q0, [%3], #16\n"
                     "vstrb.8 q0, [%4], #16\n"
                     "letp lr, 4b\n"
                     "add %1, %7\n"
                     "add %2, %7\n"
                     "add %3, %7\n"
                     "add %0, %8\n"
                     "subs %5, #1\n"
                     "bne 1b"
                     : "+r"(to), "+l"(a), "+l"(b), "+l"(c), "=&l"(place), "+r"(pixels)
                     : "r"(n), "r"(rest), "r"(step)
                     : "lr", "cc", "d0", "d1", "memory");
}

/* The patches of `pixels` windows that lie in the frame, their pixels side by side, the first at column `first`: runs
 * of bytes in each row. */
static __attribute__((noinline)) void gather_inner(const edge_conv_2d_s8_mve_params *p, int8_t *const *row,
                                                   uint32_t first, int8_t *patch, uint32_t pixels) {
    const uint32_t rows = p->kernel_h, down = p->dilation_h, run = p->run, step = p->patch;
    const uint32_t stride = p->stride_w * (uint32_t)p->depth;
    uint32_t offset = first * p->depth;
    if (rows == 3 && down == 1 && run <= 16) {
        copy_three(row, offset, run, patch, stride, step, pixels);
    } else if (rows == 3 && down == 1) {
        copy_three_wide(row, offset, run, patch, stride, step, pixels);
    } else {
        for (; pixels > 0; pixels--, offset += stride, patch += step) {
            copy(row, down, offset, run, patch, run, rows);
        }
    }
}

/* The patch of the columns from `first` on, where some may lie outside the frame or their pixels not side by side. */
static __attribute__((noinline)) void gather(const edge_conv_2d_s8_mve_params *p, int8_t *const *row, uint32_t pitch,
                                             int32_t first, int8_t *patch) {
    const uint32_t depth = p->depth, run = p->run, down = p->dilation_h;
    fill(patch, p->in_zero_point, p->kernel_h * run);
    if (p->dilation_w == 1 && pitch == depth) {
        const int32_t last = first + p->kernel_w, to = last < p->in_width ? last : p->in_width;
        const int32_t from = first < 0 ? 0 : first;
        if (from < to) {
            copy(row, down, (uint32_t)from * depth, (uint32_t)(to - from) * depth,
                 patch + (uint32_t)(from - first) * depth, run, p->kernel_h);
        }
        return;
    }
    int32_t column = first;
    for (unsigned kx = p->kernel_w; kx > 0; kx--, column += p->dilation_w, patch += depth) {
        if ((uint32_t)column < p->in_width) {
            copy(row, down, (uint32_t)column * pitch, depth, patch, run, p->kernel_h);
        }
    }
}

/* The patches of output columns [x, x + pixels). */
static inline void gather_all(const edge_conv_2d_s8_mve_params *p, int8_t *const *row, uint32_t pitch, unsigned x,
                              int8_t *patch, unsigned pixels) {
    while (pixels > 0) {
        const int32_t first = (int32_t)(x * p->stride_w) - p->pad_left;
        unsigned some = 1;
        if (x >= p->inner_from && x < p->inner_to && pitch == p->depth) {
            some = p->inner_to - x < pixels ? p->inner_to - x : pixels;
            gather_inner(p, row, (uint32_t)first, patch, some);
        } else {
            gather(p, row, pitch, first, patch);
        }
        x += some;
        pixels -= some;
        patch += some * p->patch;
    }
}

void edge_conv_2d_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_conv_2d_s8_mve_params *p = op->params;
    (void)state;
    edge_gemm_plan_s8_mve plan;
    edge_gemm_make_plan_s8_mve(&plan, &p->gemm);
    int8_t *const patch = scratch;
    int8_t *waiting_y = NULL; /* an output whose partner is still to come */
    int8_t *waiting_patch = NULL;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        unsigned x = 0;
        if (waiting_y != NULL) {
            int8_t *const place = waiting_patch == patch ? patch + p->patch : patch;
            gather_all(p, row, in->pitch, x, place, 1);
            edge_gemm_core_s8_mve(waiting_patch, waiting_y, &plan, (uint32_t)place - (uint32_t)waiting_patch,
                                  (uint32_t)y - (uint32_t)waiting_y, 1);
            waiting_y = NULL;
            y += out->pitch;
            x = 1;
        }
        unsigned count;
        for (; x < p->out_width; x += count, y += count * out->pitch) {
            count = p->out_width - x < p->patches ? p->out_width - x : p->patches;
            gather_all(p, row, in->pitch, x, patch, count);
            if (count >= 2) {
                edge_gemm_core_s8_mve(patch, y, &plan, p->patch, out->pitch, count / 2);
            }
            if (count % 2 != 0) {
                waiting_y = y + (count - 1) * out->pitch;
                waiting_patch = patch + (count - 1) * p->patch;
            }
        }
    }
    if (waiting_y != NULL) {
        edge_gemm_one_s8_mve(waiting_patch, waiting_y, &p->gemm);
    }
}

#endif
