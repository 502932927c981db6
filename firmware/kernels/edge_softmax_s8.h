/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_SOFTMAX_S8_H
#define EDGE_SOFTMAX_S8_H

#include "edge/model.h"

typedef struct edge_softmax_s8_params {
    uint16_t width, channels;   /* channels: 1 to 4095, so that the sum stays below 2^31 */
    uint16_t entries;           /* 1 to 256 */
    const int32_t *exponential; /* entry i: exp of an input i below the row's maximum, Q0.31; past the end: 0 */
} edge_softmax_s8_params;

/* SOFTMAX over each pixel's channels; output scale 1/256, zero point -128. May run in place. */
void edge_softmax_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state);

#endif
