/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_TRANSPOSE_CONV_S8_H
#define EDGE_TRANSPOSE_CONV_S8_H

#include "edge/model.h"

/* The members that edge_gemm_s8 has too mean the same, except bias: [stride_h * stride_w][channels], one set per phase
 * ((y + pad_top) % stride_h, (x + pad_left) % stride_w), as each phase has its own taps. depth = kernel_h * kernel_w *
 * in_channels. */
typedef struct edge_transpose_conv_s8_params {
    const int8_t *weights; /* [channels][kernel_h][kernel_w][in_channels] */
    const int32_t *bias;
    const int32_t *multiplier;
    const int8_t *right;
    uint32_t depth;
    uint16_t channels;
    uint16_t scale_mask;
    uint16_t in_channels, in_width, out_width;
    uint16_t kernel_h, kernel_w;
    uint16_t stride_h, stride_w;
    uint16_t pad_top, pad_left;
    int8_t in_zero_point, zero_point; /* zero_point is the output's */
    int8_t low, high;
    bool narrow;
} edge_transpose_conv_s8_params;

/* TRANSPOSE_CONV, gathered: each output pixel reads the input pixels whose kernels cover it. `scratch` holds one pixel
 * of zero points (in_channels bytes), which stands for those outside the frame. */
void edge_transpose_conv_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state);

#endif
