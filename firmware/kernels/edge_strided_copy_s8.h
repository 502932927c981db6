/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_STRIDED_COPY_S8_H
#define EDGE_STRIDED_COPY_S8_H

#include "edge/model.h"

/* Output row y of a frame, pixel x, channel c holds the frame's input element at
 * base + sum(digit_k(y) * row_steps[k]) + x * x_step + c * c_step, with y in mixed radix row_sizes, outermost first.
 * base and each step are three distances: rows, pixels, channels. The step of an axis of length 1 is zero. */
typedef struct edge_strided_copy_s8_params {
    uint16_t row_axes;
    const int16_t *row_sizes;
    const int16_t *row_steps; /* three per axis */
    const int16_t *base, *x_step, *c_step;
    uint16_t width, channels; /* of the output */
} edge_strided_copy_s8_params;

/* Copies by rows: TRANSPOSE and STRIDED_SLICE. */
void edge_strided_copy_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                          void *state);

#endif
