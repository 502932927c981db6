/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_1x1_s8.h"

#include "edge_gemm_s8.h"

void edge_conv_2d_1x1_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_conv_2d_1x1_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    edge_gemm_s8 g = {.weights = p->weights,
                      .bias = p->bias,
                      .multiplier = p->multiplier,
                      .right = p->right,
                      .depth = p->depth,
                      .channels = p->channels,
                      .scale_mask = p->scale_mask,
                      .zero_point = p->zero_point,
                      .low = p->low,
                      .high = p->high,
                      .narrow = p->narrow};
    const uint32_t step = (uint32_t)p->stride_w * in->pitch;
    for (unsigned group = 0; group < p->groups; group++) {
        const int8_t *waiting_x = NULL; /* a pixel whose partner is still to come */
        int8_t *waiting_y = NULL;
        for (unsigned r = 0; r < span.rows; r++) {
            const int8_t *x = in->row[r * p->stride_h] + group * p->depth;
            int8_t *y = out->row[r] + group * p->channels;
            for (unsigned i = 0; i < p->width; i++, x += step, y += out->pitch) {
                if (waiting_x == NULL) {
                    waiting_x = x;
                    waiting_y = y;
                } else {
                    edge_gemm_s8_pair(&g, waiting_x, x, waiting_y, y);
                    waiting_x = NULL;
                }
            }
        }
        if (waiting_x != NULL) {
            edge_gemm_s8_single(&g, waiting_x, waiting_y);
        }
        g.weights += p->channels * p->depth;
        g.bias += p->channels;
        if (p->scale_mask != 0) {
            g.multiplier += p->channels;
            g.right += p->channels;
        }
    }
}
