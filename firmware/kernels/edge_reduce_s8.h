/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_REDUCE_S8_H
#define EDGE_REDUCE_S8_H

#include "edge/model.h"

/* Sums over any axes. The output element (counted densely in its frame) of input row y, pixel x, channel c is
 * sum(digit_k(y) * row_steps[k]) + x * x_step + c * c_step, with y in mixed radix row_sizes; c_step is 0 or 1.
 * result = requantize(sum + offset) + zero_point, clamped to int8; offset = -(elements per sum) * input zero point. */
typedef struct edge_reduce_s8_params {
    uint16_t width, channels; /* of the input */
    uint16_t row_axes;
    const int16_t *row_sizes;
    const int32_t *row_steps;
    uint32_t x_step, c_step;
    uint32_t elements; /* output elements of a frame, each an int32 sum in state; |sum| < 2^31 */
    uint16_t out_width, out_channels;
    int32_t offset, multiplier, shift, zero_point;
} edge_reduce_s8_params;

/* Adds the rows to the sums in `state`; with a frame's last row it writes all output rows of the frame. */
void edge_reduce_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                    void *state);

#endif
