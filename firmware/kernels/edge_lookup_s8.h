/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_LOOKUP_S8_H
#define EDGE_LOOKUP_S8_H

#include "edge/model.h"

typedef struct edge_lookup_s8_params {
    uint16_t width, channels;
    const int8_t *table; /* 256 results; entry i is that of the input byte with bits i */
} edge_lookup_s8_params;

/* out = table[in], element by element, int8 or uint8 on either side. May run in place. */
void edge_lookup_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                    void *state);

#endif
