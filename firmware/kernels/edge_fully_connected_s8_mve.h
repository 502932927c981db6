/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_FULLY_CONNECTED_S8_MVE_H
#define EDGE_FULLY_CONNECTED_S8_MVE_H

#include "edge/model.h"
#include "edge_gemm_s8_mve.h"

/* A batch item is one pixel of the input. */
typedef struct edge_fully_connected_s8_mve_params {
    edge_dot_s8_mve dot;
    uint16_t row_items; /* items in an input row */
    uint16_t width;     /* output pixels, each an item, in a row */
} edge_fully_connected_s8_mve_params;

/* FULLY_CONNECTED, symmetric weights. */
void edge_fully_connected_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                 void *scratch, void *state);

#endif
