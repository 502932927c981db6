/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CROSS_CHANNEL_POOL_S8_H
#define EDGE_CROSS_CHANNEL_POOL_S8_H

#include "edge/model.h"

typedef struct edge_cross_channel_pool_s8_params {
    uint16_t width, channels; /* of the output */
    uint16_t group;           /* input channels that make one output channel; they are neighbours */
    bool average;             /* rounded half away from zero; else the maximum */
} edge_cross_channel_pool_s8_params;

/* May run in place: the output stays behind what is still to be read. */
void edge_cross_channel_pool_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                void *scratch, void *state);

#endif
