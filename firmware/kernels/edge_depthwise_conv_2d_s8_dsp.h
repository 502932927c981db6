/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEPTHWISE_CONV_2D_S8_DSP_H
#define EDGE_DEPTHWISE_CONV_2D_S8_DSP_H

#include "edge/model.h"

/* For channels with a proof (factor > 0) an output is saturate((sum * 2^8 + offset) * factor >> 42); the others take
 * TFLite's steps with the exact_ arrays, which are NULL where all have one. right = -shift of edge_requantize. */
typedef struct edge_depthwise_conv_2d_s8_dsp_params {
    const uint32_t *weights; /* [channels / 4, rounded up][kernel_h][kernel_w], four channels in a word, lowest first */
    const int32_t *scale;    /* [channels][2]: offset, factor */
    const int32_t *exact_bias;
    const int32_t *exact_multiplier;
    const int8_t *exact_right;
    uint16_t channels;
    uint16_t in_width, out_width;
    uint16_t kernel_h, kernel_w;
    uint16_t stride_h, stride_w;
    uint16_t dilation_h, dilation_w;
    uint16_t pad_left;
    int16_t in_offset; /* minus the input's zero point */
    int8_t zero_point; /* the output's */
    int8_t low, high;
} edge_depthwise_conv_2d_s8_dsp_params;

/* DEPTHWISE_CONV_2D with one output channel per input channel, four of them at a time along the row; taps outside the
 * map cost nothing. Scratch: uint32_t [pad_left + 1], outputs that wait. */
void edge_depthwise_conv_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                   void *scratch, void *state);

#endif
