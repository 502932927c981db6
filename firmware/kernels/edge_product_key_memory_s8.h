/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_PRODUCT_KEY_MEMORY_S8_H
#define EDGE_PRODUCT_KEY_MEMORY_S8_H

#include "edge/model.h"

/* Scores: at most 2 * half * 255 * 128 in magnitude, half below 2^15. Sums of values: heads * 256 * 128. */
typedef struct edge_product_key_memory_s8_params {
    const int8_t *keys;           /* [heads][2][sub_keys][half] */
    const int8_t *values;         /* [sub_keys * sub_keys][units]; rows that are not read are not touched */
    const uint16_t *exponentials; /* [256]: 65535 * exp(-i / 16) */
    int32_t multiplier;           /* of differences, to entries of exponentials */
    int32_t limit;                /* from which difference on it is the last */
    int32_t out_multiplier;
    uint16_t width; /* queries in a row */
    uint16_t heads, sub_keys, half, units;
    uint16_t neighbours; /* at most 64 and sub_keys */
    int8_t shift, out_shift;
    int8_t in_zero_point, zero_point; /* zero_point is the output's */
} edge_product_key_memory_s8_params;

/* edgesdk.ProductKeyMemory. `scratch` has three times 8 bytes a neighbour, and an int32 for each of the units. */
void edge_product_key_memory_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                void *scratch, void *state);

#endif
