/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_1X1_S8_PACKED_H
#define EDGE_CONV_2D_1X1_S8_PACKED_H

#include "edge/model.h"
#include "edge_gemm_s8_packed.h"

typedef struct edge_conv_2d_1x1_s8_packed_params {
    edge_gemm_s8_packed gemm;
    uint16_t in_channels; /* gemm.depth is this filled up to whole groups */
    uint16_t width;       /* output pixels in a row */
    uint16_t stride_h, stride_w;
} edge_conv_2d_1x1_s8_packed_params;

/* CONV_2D with a 1x1 kernel, no padding and one group. Scratch: gemm.depth words. */
void edge_conv_2d_1x1_s8_packed(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                void *scratch, void *state);

#endif
