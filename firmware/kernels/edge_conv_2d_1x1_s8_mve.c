/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_1x1_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)

void edge_conv_2d_1x1_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state) {
    const edge_conv_2d_1x1_s8_mve_params *p = op->params;
    (void)scratch;
    (void)state;
    edge_gemm_plan_s8_mve plan;
    edge_gemm_make_plan_s8_mve(&plan, &p->gemm);
    const uint32_t x_step = (uint32_t)p->stride_w * in->pitch;
    const int8_t *waiting_x = NULL; /* a pixel whose partner is still to come */
    int8_t *waiting_y = NULL;
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *x = in->row[r * p->stride_h];
        int8_t *y = out->row[r];
        unsigned left = p->width;
        if (waiting_x != NULL) {
            edge_gemm_core_s8_mve(waiting_x, waiting_y, &plan, (uint32_t)x - (uint32_t)waiting_x,
                                  (uint32_t)y - (uint32_t)waiting_y, 1);
            waiting_x = NULL;
            x += x_step;
            y += out->pitch;
            left--;
        }
        if (left >= 2) {
            edge_gemm_core_s8_mve(x, y, &plan, x_step, out->pitch, left / 2);
        }
        if (left % 2 != 0) {
            waiting_x = x + (left - 1) * x_step;
            waiting_y = y + (left - 1) * out->pitch;
        }
    }
    if (waiting_x != NULL) {
        edge_gemm_one_s8_mve(waiting_x, waiting_y, &p->gemm);
    }
}

#endif
