/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_global_average_pool_2d_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)

#include <arm_mve.h>
#include <string.h>

#include "edge_divide.h"

/* Adds the n channels of a pixel. In assembly because compilers do not make tail-predicated loops of it. */
static inline void add(int16_t *sums, const int8_t *pixel, uint32_t n) {
    __asm__ volatile("wlstp.16 lr, %2, 2f\n"
                     "1: vldrb.s16 q0, [%1], #8\n"
                     "vldrh.u16 q1, [%0]\n"
                     "vadd.i16 q0, q0, q1\n"
                     "vstrh.16 q0, [%0], #16\n"
                     "letp lr, 1b\n"
                     "2:"
                     : "+r"(sums), "+l"(pixel)
                     : "r"(n)
                     : "lr", "d0", "d1", "d2", "d3", "memory");
}

void edge_global_average_pool_2d_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                        void *scratch, void *state) {
    const edge_global_average_pool_2d_s8_mve_params *p = op->params;
    int16_t *sums = state;
    (void)scratch;
    if (span.y == 0) {
        memset(sums, 0, p->channels * sizeof *sums);
    }
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *pixel = in->row[r];
        for (unsigned x = p->width; x > 0; x--, pixel += in->pitch) {
            add(sums, pixel, p->channels);
        }
    }
    if ((unsigned)span.y + span.rows < op->frame_rows) {
        return;
    }
    const edge_divisor n = edge_make_divisor(p->count);
    int8_t *y = out->row[0];
    for (int32_t left = p->channels; left > 0; left -= 4, sums += 4, y += 4) {
        const mve_pred16_t some = vctp32q((uint32_t)left);
        const int32x4_t sum = vldrhq_z_s32(sums, some);
        const uint32x4_t magnitude = vreinterpretq_u32_s32(vaddq_n_s32(vabsq_s32(sum), (int32_t)(n.n >> 1)));
        int32x4_t mean = vreinterpretq_s32_u32(vshrq_n_u32(vmulq_n_u32(magnitude, n.reciprocal), 24));
        mean = vnegq_m_s32(mean, mean, vcmpltq_n_s32(sum, 0));
        mean = vminq_s32(vmaxq_s32(mean, vdupq_n_s32(p->low)), vdupq_n_s32(p->high));
        vstrbq_p_s32(y, mean, some);
    }
}

#endif
