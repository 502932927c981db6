/* SPDX-License-Identifier: Apache-2.0 */
/* TFLite's requantization (gemmlowp double rounding), shared by the portable kernels. */
#ifndef EDGE_REQUANTIZE_H
#define EDGE_REQUANTIZE_H

#include <stdbool.h>
#include <stdint.h>

/* Armv6-M multiplies 32 bits by 32 to 32 and calls a function for more. */
#ifndef EDGE_HALF_MULTIPLIES
#if defined(__thumb__) && !defined(__thumb2__)
#define EDGE_HALF_MULTIPLIES 1
#else
#define EDGE_HALF_MULTIPLIES 0
#endif
#endif

/* Whether edge_requantize_short serves a right shift. Trained networks rarely have another. */
static inline bool edge_requantize_is_short(int32_t right) {
    return right >= 2;
}

/* edge_requantize(x, multiplier, -right) + offset for right in [2, 31]; |offset| < 2^30.
 *
 * With t = x * multiplier + 2^30 the two roundings are h = t >> 31 and then (h + 2^(right - 1) - (h < 0)) >> right.
 * As h < 0 exactly where t < 0, both are one shift of the 64-bit sum t - (t < 0) * 2^31 + 2^(30 + right) by 31 + right,
 * and the last summand has no bits in the low word: only the borrow of the 2^31 ties the two words together.
 * High word: |t| / 2^32 < 2^30 + 1 and 2^29 from the last summand, so nothing overflows. */
static inline int32_t edge_requantize_short(int32_t x, int32_t multiplier, int32_t right, int32_t offset) {
#if EDGE_HALF_MULTIPLIES
    /* Four products of halves. upper is in [-2^15, 2^15) and m_upper in [0, 2^15), so every sum below fits. */
    const uint32_t lower = (uint32_t)x & 0xffff, m_lower = (uint32_t)multiplier & 0xffff;
    const int32_t upper = x >> 16, m_upper = multiplier >> 16;
    const uint32_t first = lower * m_lower;
    const int32_t second = upper * (int32_t)m_lower + (int32_t)(first >> 16);
    const uint32_t third = ((uint32_t)second & 0xffff) + lower * (uint32_t)m_upper;
    const uint32_t low = ((third << 16) | (first & 0xffff)) + (1u << 30);
    int32_t high = upper * m_upper + (second >> 16) + (int32_t)(third >> 16) + (low < (1u << 30));
#else
    const int64_t t = (int64_t)x * multiplier + (1 << 30);
    const uint32_t low = (uint32_t)t;
    int32_t high = (int32_t)(t >> 32);
#endif
    high += (int32_t)((uint32_t)high & ~low) >> 31; /* t < 0 and low < 2^31: the borrow */
    return ((high + (1 << (right - 2))) >> (right - 1)) + offset;
}

/* edge_requantize for any shift, out of line because it is long and rare. */
int32_t edge_requantize_long(int32_t x, int32_t multiplier, int32_t shift);

/* round(x * multiplier * 2^(shift - 31)) in two roundings: the high multiply rounds ties upward, the right shift rounds
 * ties away from zero. multiplier in [0, 2^31), shift in [-31, 30]; x << shift wraps modulo 2^32. */
static inline int32_t edge_requantize(int32_t x, int32_t multiplier, int32_t shift) {
    return edge_requantize_is_short(-shift) ? edge_requantize_short(x, multiplier, -shift, 0)
                                            : edge_requantize_long(x, multiplier, shift);
}

static inline int8_t edge_clamp_s8(int32_t x, int32_t low, int32_t high) {
    const int32_t raised = x < low ? low : x;
    return (int8_t)(raised > high ? high : raised);
}

/* a and b limited to [low, high]; narrow: whether that excludes some int8 value. */
static inline void edge_clamp_pair_s8(int32_t *a, int32_t *b, int32_t low, int32_t high, bool narrow) {
#if defined(__ARM_FEATURE_SAT)
    /* one instruction each, and enough for most layers */
    __asm__("ssat %0, #8, %0" : "+r"(*a));
    __asm__("ssat %0, #8, %0" : "+r"(*b));
    if (!narrow) {
        return;
    }
#else
    (void)narrow;
#endif
    *a = *a < low ? low : *a;
    *b = *b < low ? low : *b;
    *a = *a > high ? high : *a;
    *b = *b > high ? high : *b;
}

#endif
