/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_S8_PACKED_H
#define EDGE_CONV_2D_S8_PACKED_H

#include "edge/model.h"
#include "edge_gemm_s8_packed.h"

typedef struct edge_conv_2d_s8_packed_params {
    edge_gemm_s8_packed gemm;
    uint16_t in_channels;
    uint16_t in_width, out_width;
    uint16_t kernel_h, kernel_w;
    uint16_t stride_h, stride_w;
    uint16_t dilation_h, dilation_w;
    uint16_t pad_left;
    int8_t in_zero_point;
} edge_conv_2d_s8_packed_params;

/* CONV_2D of one group. Scratch: gemm.depth words, the patches of two pixels. */
void edge_conv_2d_s8_packed(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state);

#endif
