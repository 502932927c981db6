/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_FULLY_CONNECTED_S8_PACKED_H
#define EDGE_FULLY_CONNECTED_S8_PACKED_H

#include "edge/model.h"
#include "edge_gemm_s8_packed.h"

/* Items as in edge_fully_connected_s8.h. Weights of gemm stand in fours of channels a, b, c, d, the last filled up with
 * zeros, 128 added to each: for every group of elements the bytes a0 a1 b0 b1, a2 a3 b2 b3, c0 c1 d0 d1, c2 c3 d2 d3,
 * aligned to words. */
typedef struct edge_fully_connected_s8_packed_params {
    edge_gemm_s8_packed gemm;
    uint16_t item_rows, item_width, item_channels, row_items;
    uint16_t width; /* output pixels, each a batch item, in a row */
} edge_fully_connected_s8_packed_params;

/* FULLY_CONNECTED on cores without DSP, two channels in one multiplication. */
void edge_fully_connected_s8_packed(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                    void *scratch, void *state);

#endif
