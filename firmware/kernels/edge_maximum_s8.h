/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_MAXIMUM_S8_H
#define EDGE_MAXIMUM_S8_H

#include "edge/model.h"

typedef struct edge_maximum_s8_params {
    uint16_t width, channels;
    uint8_t steps; /* EDGE_WALK_* */
} edge_maximum_s8_params;

/* The larger of two elements. Broadcasts by `steps`. May run in place. */
void edge_maximum_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state);

#endif
