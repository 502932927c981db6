/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEPTHWISE_CONV_2D_3X3_S8_H
#define EDGE_DEPTHWISE_CONV_2D_3X3_S8_H

#include "edge/model.h"

/* bias contains -(input zero point) * (sum of the channel's weights), modulo 2^32; right = -shift of edge_requantize;
 * narrow says that [low, high] excludes some int8 value. */
typedef struct edge_depthwise_conv_2d_3x3_s8_params {
    const int8_t *weights; /* [channels][3][3] */
    const int32_t *bias;
    const int32_t *multiplier;
    const int8_t *right;
    uint16_t channels;
    uint16_t in_width, out_width;     /* in_width >= 2 - pad_left */
    uint16_t stride_h, stride_w;      /* stride_w is 1 or 2 */
    uint16_t pad_left;                /* 0 or 1 */
    int8_t in_zero_point, zero_point; /* zero_point is the output's */
    int8_t low, high;
    bool narrow;
} edge_depthwise_conv_2d_3x3_s8_params;

/* DEPTHWISE_CONV_2D with a 3x3 kernel, no dilation and one output channel per input channel. Channel by channel along
 * the row, so that weights are loaded once per row; two rows at a time where stride_h and stride_w are 1. */
void edge_depthwise_conv_2d_3x3_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                   void *scratch, void *state);

#endif
