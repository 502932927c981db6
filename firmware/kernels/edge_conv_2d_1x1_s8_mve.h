/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_1X1_S8_MVE_H
#define EDGE_CONV_2D_1X1_S8_MVE_H

#include "edge/model.h"
#include "edge_gemm_s8_mve.h"

/* gemm: blocks of four channels. */
typedef struct edge_conv_2d_1x1_s8_mve_params {
    edge_gemm_s8_mve gemm;
    uint16_t width; /* output pixels in a row */
    uint16_t stride_h, stride_w;
} edge_conv_2d_1x1_s8_mve_params;

/* CONV_2D of one group with a 1x1 kernel and no padding. Pixels go in pairs, across rows where the band has several. */
void edge_conv_2d_1x1_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state);

#endif
