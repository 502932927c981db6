/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_RESIZE_NEAREST_NEIGHBOR_S8_H
#define EDGE_RESIZE_NEAREST_NEIGHBOR_S8_H

#include "edge/model.h"

typedef struct edge_resize_nearest_neighbor_s8_params {
    const int16_t *rows;    /* input row of each output row of a frame */
    const int16_t *columns; /* input pixel of each output pixel */
    uint16_t out_width, channels;
} edge_resize_nearest_neighbor_s8_params;

/* Copies pixels by the tables: the float32 arithmetic that chooses them ran when the model was built. */
void edge_resize_nearest_neighbor_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                     void *scratch, void *state);

#endif
