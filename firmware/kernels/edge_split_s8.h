/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_SPLIT_S8_H
#define EDGE_SPLIT_S8_H

#include "edge/model.h"

/* Output k of a row starts at pixel k * x_step, channel k * c_step of the input row. */
typedef struct edge_split_s8_params {
    uint16_t width, channels; /* of an output */
    uint16_t x_step, c_step;
} edge_split_s8_params;

/* Copies each input row, or its parts, to the outputs whose row of the same index is valid. */
void edge_split_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                   void *state);

#endif
