/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONCATENATION_S8_H
#define EDGE_CONCATENATION_S8_H

#include "edge/model.h"

/* Arrays have one entry per input: its size, and the place of its pixel 0, channel 0 in the output row. */
typedef struct edge_concatenation_s8_params {
    const int16_t *widths, *channels, *x_offsets, *c_offsets;
} edge_concatenation_s8_params;

/* Copies each input row that is valid into the output row of the same index. */
void edge_concatenation_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                           void *state);

#endif
