/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_SOFTMAX_S8_H
#define EDGE_SOFTMAX_S8_H

#include "edge/model.h"

typedef struct edge_softmax_s8_params {
    uint16_t width, channels;   /* channels: 1 to 4095, so that the sum stays below 2^31 */
    uint16_t large, entries;    /* 1 to 256, large <= entries */
    const int32_t *exponential; /* [large]: of an input i below the row's maximum, Q0.31; 2^22 or more at the end */
    const uint16_t *term;       /* [entries - large]: of the next ones, all below 2^22, in Q12.19; then 0 */
} edge_softmax_s8_params;

/* SOFTMAX over each pixel's channels; output scale 1/256, zero point -128. May run in place. */
void edge_softmax_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state);

#endif
