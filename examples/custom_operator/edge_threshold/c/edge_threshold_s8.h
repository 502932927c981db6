/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_THRESHOLD_S8_H
#define EDGE_THRESHOLD_S8_H

#include "edge/model.h"

typedef struct edge_threshold_s8_params {
    uint16_t width, channels;
    int16_t least; /* that stays; [-128, 128] */
    int8_t zero_point;
} edge_threshold_s8_params;

/* May run in place. */
void edge_threshold_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                       void *state);

#endif
