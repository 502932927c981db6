/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_FULLY_CONNECTED_S8_H
#define EDGE_FULLY_CONNECTED_S8_H

#include "edge/model.h"

/* The members that edge_gemm_s8 has too mean the same, except that bias also contains depth * (input zero point) *
 * (filter zero point). A batch item is `item_rows` input rows of `item_width` pixels of `item_channels` channels; a row
 * holds `row_items` items side by side (more than one only where item_rows is 1). */
typedef struct edge_fully_connected_s8_params {
    const int8_t *weights; /* [channels][depth] */
    const int32_t *bias;
    const int32_t *multiplier;
    const int8_t *right;
    uint32_t depth;
    uint16_t channels;
    uint16_t scale_mask;
    uint16_t item_rows, item_width, item_channels, row_items;
    uint16_t width;            /* output pixels, each a batch item, in a row */
    int16_t filter_zero_point; /* 0 unless the weights are per-tensor and not symmetric */
    int8_t zero_point;         /* of the output */
    int8_t low, high;
    bool narrow;
} edge_fully_connected_s8_params;

/* FULLY_CONNECTED. Reads whole items, so a flattening RESHAPE before it need not run. */
void edge_fully_connected_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state);

#endif
