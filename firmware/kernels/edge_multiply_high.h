/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_MULTIPLY_HIGH_H
#define EDGE_MULTIPLY_HIGH_H

#include <stdint.h>

#include "edge_requantize.h"

/* The upper word of x * multiplier; multiplier is not negative. */
static inline int32_t edge_multiply_high(int32_t x, int32_t multiplier) {
#if EDGE_HALF_MULTIPLIES
    /* Four products of halves. upper is in [-2^15, 2^15) and m_upper in [0, 2^15), so every sum below fits. */
    const uint32_t lower = (uint32_t)x & 0xffff, m_lower = (uint32_t)multiplier & 0xffff;
    const int32_t upper = x >> 16, m_upper = multiplier >> 16;
    const int32_t second = upper * (int32_t)m_lower + (int32_t)((lower * m_lower) >> 16);
    const uint32_t third = ((uint32_t)second & 0xffff) + lower * (uint32_t)m_upper;
    return upper * m_upper + (second >> 16) + (int32_t)(third >> 16);
#else
    return (int32_t)(((int64_t)x * multiplier) >> 32);
#endif
}

#endif
