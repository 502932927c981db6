/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_S8_H
#define EDGE_CONV_2D_S8_H

#include "edge/model.h"

/* The members that edge_gemm_s8 has too mean the same; they cover all groups, channels and depth are one group's.
 * weights: [groups * channels][kernel_h][kernel_w][group_depth]; depth = kernel_h * kernel_w * group_depth. */
typedef struct edge_conv_2d_s8_params {
    const int8_t *weights;
    const int32_t *bias;
    const int32_t *multiplier;
    const int8_t *right;
    uint32_t depth;
    uint16_t channels; /* output channels of a group */
    uint16_t groups;
    uint16_t scale_mask;
    uint16_t group_depth; /* input channels of a group */
    uint16_t in_width, out_width;
    uint16_t kernel_h, kernel_w;
    uint16_t stride_h, stride_w;
    uint16_t dilation_h, dilation_w;
    uint16_t pad_left;
    int8_t in_zero_point, zero_point; /* zero_point is the output's */
    int8_t low, high;
    bool narrow;
} edge_conv_2d_s8_params;

/* CONV_2D of any geometry. Gathers the patches of two pixels into `scratch` (2 * depth bytes, each rounded up to a
 * multiple of 4) and multiplies; columns outside the frame are filled with the input zero point, rows outside point at
 * it already. */
void edge_conv_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state);

#endif
