/* SPDX-License-Identifier: Apache-2.0 */
/* TFLite's requantization (gemmlowp double rounding), shared by the portable kernels. */
#ifndef EDGE_REQUANTIZE_H
#define EDGE_REQUANTIZE_H

#include <stdint.h>

/* round(x * multiplier * 2^(shift - 31)) in two roundings: the high multiply rounds ties upward, the right shift rounds
 * ties away from zero. multiplier in [0, 2^31), shift in [-31, 30]; x << shift wraps modulo 2^32. */
static inline int32_t edge_requantize(int32_t x, int32_t multiplier, int32_t shift) {
    const int32_t left = shift > 0 ? shift : 0;
    const int32_t right = shift > 0 ? 0 : -shift;
    const int64_t product = (int64_t)(int32_t)((uint32_t)x << left) * multiplier;
    const int32_t high = (int32_t)((product + (1 << 30)) >> 31);
    const int32_t mask = (int32_t)((1u << right) - 1u);
    const int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
    return (high >> right) + ((high & mask) > threshold ? 1 : 0);
}

static inline int8_t edge_clamp_s8(int32_t x, int32_t low, int32_t high) {
    return (int8_t)(x < low ? low : (x > high ? high : x));
}

#endif
