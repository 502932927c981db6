/* SPDX-License-Identifier: Apache-2.0 */
/* The inner loop of the packed family's FULLY_CONNECTED: two channels in one multiplication. */
#ifndef EDGE_DOT_FOURS_S8_PACKED_H
#define EDGE_DOT_FOURS_S8_PACKED_H

#include <stdint.h>

/* EDGE_PACKED_GROUP elements. A byte of weights is 128 too large, which adds 128 * (the sum of x) to both fields: so
 * much less than EDGE_PACKED_FIELDS is what they start from. */
typedef struct edge_wide_group {
    uint32_t start;
    int32_t x[4];
} edge_wide_group;

/* Of two channels: the sum of all groups, and the sum of their upper fields. */
typedef struct edge_pair_sums {
    uint32_t all, upper;
} edge_pair_sums;

/* Adds n groups by `pairs` pairs of channels to their sums; neither is 0, and pairs come in twos. The weights of a
 * group are four words, two for each pair: see edge_fully_connected_s8_packed.h. Those of the next four channels are
 * `apart` bytes further. */
void edge_dot_fours_s8_packed(const edge_wide_group *x, const uint32_t *w, uint32_t n, uint32_t pairs,
                              edge_pair_sums *sums, uint32_t apart);

#endif
