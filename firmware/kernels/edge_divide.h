/* SPDX-License-Identifier: Apache-2.0 */
/* Division of small sums by a count that rarely changes, without a divide instruction or a library call. */
#ifndef EDGE_DIVIDE_H
#define EDGE_DIVIDE_H

#include <stdint.h>

/* A divisor n >= 1. reciprocal = ceil(2^24 / n) where n <= 361, else 0. */
typedef struct edge_divisor {
    uint32_t n, reciprocal;
} edge_divisor;

static inline edge_divisor edge_make_divisor(uint32_t n) {
    return (edge_divisor){.n = n, .reciprocal = n <= 361u ? ((1u << 24) + n - 1u) / n : 0u};
}

/* floor(a / n) for a <= 128 * n + n / 2.
 * With M = ceil(2^24 / n) and e = M * n - 2^24 < n, floor(a * M / 2^24) is exact where a * e < 2^24, and
 * 128.5 * n * (n - 1) < 2^24 for n <= 361; a * M < 2^32 there too. */
static inline uint32_t edge_divide(uint32_t a, edge_divisor d) {
    return d.reciprocal != 0u ? (a * d.reciprocal) >> 24 : a / d.n;
}

/* sum / n rounded half away from zero; sum in [-128 * n, 127 * n]. */
static inline int32_t edge_divide_rounded(int32_t sum, edge_divisor n) {
    const uint32_t magnitude = (uint32_t)(sum < 0 ? -sum : sum) + (n.n >> 1);
    const int32_t quotient = (int32_t)edge_divide(magnitude, n);
    return sum < 0 ? -quotient : quotient;
}

#endif
