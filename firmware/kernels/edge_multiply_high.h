/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_MULTIPLY_HIGH_H
#define EDGE_MULTIPLY_HIGH_H

#include <stdint.h>

#include "edge_requantize.h"

/* The upper word of x * multiplier; multiplier is not negative. */
static inline int32_t edge_multiply_high(int32_t x, int32_t multiplier) {
#if defined(__thumb__) && !defined(__thumb2__)
    /* As below; compilers move half of it through registers that cannot multiply. */
    const uint32_t m_lower = (uint32_t)multiplier & 0xffff;
    const int32_t m_upper = multiplier >> 16;
    uint32_t lower, second, third;
    __asm__(".syntax unified\n\t"
            "uxth %1, %0\n\t"
            "asrs %0, %0, #16\n\t"
            "movs %2, %1\n\t"
            "muls %2, %4, %2\n\t"
            "lsrs %2, %2, #16\n\t"
            "movs %3, %0\n\t"
            "muls %3, %4, %3\n\t"
            "adds %2, %2, %3\n\t"
            "muls %1, %5, %1\n\t"
            "uxth %3, %2\n\t"
            "adds %1, %1, %3\n\t"
            "lsrs %1, %1, #16\n\t"
            "asrs %2, %2, #16\n\t"
            "muls %0, %5, %0\n\t"
            "adds %0, %0, %2\n\t"
            "adds %0, %0, %1"
            : "+l"(x), "=&l"(lower), "=&l"(second), "=&l"(third)
            : "l"(m_lower), "l"(m_upper)
            : "cc");
    return x;
#elif EDGE_HALF_MULTIPLIES
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
