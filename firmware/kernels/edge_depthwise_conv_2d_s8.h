/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEPTHWISE_CONV_2D_S8_H
#define EDGE_DEPTHWISE_CONV_2D_S8_H

#include "edge/model.h"

/* bias contains -(input zero point) * (sum of the channel's weights), modulo 2^32; right = -shift of edge_requantize.
 */
typedef struct edge_depthwise_conv_2d_s8_params {
    const int8_t *weights; /* [in_channels * multiplicity][kernel_h][kernel_w] */
    const int32_t *bias;
    const int32_t *multiplier;
    const int8_t *right;
    uint16_t in_channels;
    uint16_t multiplicity; /* output channels per input channel */
    uint16_t in_width, out_width;
    uint16_t kernel_h, kernel_w;
    uint16_t stride_h, stride_w;
    uint16_t dilation_h, dilation_w;
    uint16_t pad_left;
    int8_t in_zero_point, zero_point; /* zero_point is the output's */
    int8_t low, high;
} edge_depthwise_conv_2d_s8_params;

/* DEPTHWISE_CONV_2D of any geometry. */
void edge_depthwise_conv_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                               void *scratch, void *state);

#endif
