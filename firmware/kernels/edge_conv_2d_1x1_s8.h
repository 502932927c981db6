/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_1X1_S8_H
#define EDGE_CONV_2D_1X1_S8_H

#include "edge/model.h"

/* The members that edge_gemm_s8 has too mean the same; they cover all groups, channels and depth are one group's. */
typedef struct edge_conv_2d_1x1_s8_params {
    const int8_t *weights;
    const int32_t *bias;
    const int32_t *multiplier;
    const int8_t *right;
    uint32_t depth;    /* input channels of a group */
    uint16_t channels; /* output channels of a group */
    uint16_t groups;
    uint16_t scale_mask;
    uint16_t width; /* output pixels in a row */
    uint16_t stride_h, stride_w;
    int8_t zero_point; /* of the output */
    int8_t low, high;
    bool narrow;
} edge_conv_2d_1x1_s8_params;

/* CONV_2D with a 1x1 kernel and no padding. Pixels go in pairs, across rows where the band has several. */
void edge_conv_2d_1x1_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state);

#endif
