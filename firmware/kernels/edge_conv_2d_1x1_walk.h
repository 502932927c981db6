/* SPDX-License-Identifier: Apache-2.0 */
/* How a 1x1 convolution walks over its pixels; compiled once for each matrix core that it feeds. */
#ifndef EDGE_CONV_2D_1X1_WALK_H
#define EDGE_CONV_2D_1X1_WALK_H

#include "edge_conv_2d_1x1_s8.h"
#include "edge_gemm_s8.h"

static inline edge_gemm_s8 edge_conv_2d_1x1_gemm(const edge_conv_2d_1x1_s8_params *p) {
    return (edge_gemm_s8){.weights = p->weights,
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
}

/* pair and single are constants; `stored` counts the channels of a group that they store. */
static inline __attribute__((always_inline)) void edge_conv_2d_1x1_walk(const edge_conv_2d_1x1_s8_params *p,
                                                                        edge_gemm_s8 *g, edge_gemm_s8_of_two *pair,
                                                                        edge_gemm_s8_of_one *single, uint32_t stored,
                                                                        const edge_rows *in, const edge_rows *out,
                                                                        edge_span span) {
    const uint32_t step = (uint32_t)p->stride_w * in->pitch;
    for (unsigned group = 0; group < p->groups; group++) {
        const int8_t *waiting_x = NULL; /* a pixel whose partner is still to come */
        int8_t *waiting_y = NULL;
        for (unsigned r = 0; r < span.rows; r++) {
            const int8_t *x = in->row[r * p->stride_h] + group * p->depth;
            int8_t *y = out->row[r] + group * stored;
            for (unsigned i = 0; i < p->width; i++, x += step, y += out->pitch) {
                if (waiting_x == NULL) {
                    waiting_x = x;
                    waiting_y = y;
                } else {
                    pair(g, waiting_x, x, waiting_y, y);
                    waiting_x = NULL;
                }
            }
        }
        if (waiting_x != NULL) {
            single(g, waiting_x, waiting_y);
        }
        g->weights += p->channels * p->depth;
        g->bias += p->channels;
        if (p->scale_mask != 0) {
            g->multiplier += p->channels;
            g->right += p->channels;
        }
    }
}

#endif
