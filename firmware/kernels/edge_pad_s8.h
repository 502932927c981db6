/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_PAD_S8_H
#define EDGE_PAD_S8_H

#include "edge/model.h"

/* Per row axis of a frame, outermost first: its input length, the padding before it, its output length. */
typedef struct edge_pad_s8_params {
    uint16_t row_axes;
    const int16_t *sizes, *before, *padded;
    uint16_t in_width, in_channels, out_width, out_channels;
    uint16_t x_before, c_before; /* padding before the pixels of a row and before the channels of a pixel */
    int8_t value;                /* of the padding */
} edge_pad_s8_params;

/* Writes the padding value everywhere and the input row, where there is one, over it. */
void edge_pad_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                 void *state);

#endif
