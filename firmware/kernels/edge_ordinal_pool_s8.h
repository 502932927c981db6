/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_ORDINAL_POOL_S8_H
#define EDGE_ORDINAL_POOL_S8_H

#include "edge/model.h"

/* Ranks: the elements of a window, at most 255. Without multiplier the weights of a channel are in [0, 256] and sum to
 * 256; with it they are in [-128, 127], bias is -(input zero point) * (their sum), right = -shift of edge_requantize.
 * Sums: below 256 * 128, or 255 * 128 * 256 in magnitude. */
typedef struct edge_ordinal_pool_s8_params {
    const int16_t *weights;   /* [channels][ranks], the greatest value's first */
    const uint8_t *exchanges; /* [exchange_count][2]: the greater of two values goes to the first place */
    const int32_t *bias;
    const int32_t *multiplier;
    const int8_t *right;
    uint16_t exchange_count, channels;
    uint16_t in_width, out_width;
    uint16_t filter_h, filter_w, stride_h, stride_w;
    uint16_t pad_left;
    int8_t in_zero_point, zero_point; /* zero_point is the output's */
} edge_ordinal_pool_s8_params;

/* edgesdk.OrdinalPool. `scratch` has a byte for each rank. */
void edge_ordinal_pool_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                          void *state);

#endif
