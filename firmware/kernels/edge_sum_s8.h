/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of int8 pixels, four channels at a time in the halves of two words (little-endian cores). */
#ifndef EDGE_SUM_S8_H
#define EDGE_SUM_S8_H

#include <stdint.h>
#include <string.h>

/* The most elements a half can take: 257 * 255 = 65535. */
enum { EDGE_SUM4_MAX = 257 };

/* Sums of channels 0 and 2, and of 1 and 3, of (element + 128). */
typedef struct edge_sum4 {
    uint32_t even, odd;
} edge_sum4;

/* Adds n >= 1 pixels; p and pitch are multiples of 4. */
static inline edge_sum4 edge_sum4_add(edge_sum4 sum, const int8_t *p, unsigned pitch, unsigned n) {
    do {
        uint32_t word;
        memcpy(&word, __builtin_assume_aligned(p, 4), 4);
        word ^= 0x80808080u; /* element + 128, as unsigned bytes */
        sum.even += word & 0x00ff00ffu;
        sum.odd += (word >> 8) & 0x00ff00ffu;
        p += pitch;
    } while (--n != 0);
    return sum;
}

/* The four signed sums of `count` elements each. */
static inline void edge_sum4_get(edge_sum4 sum, unsigned count, int32_t out[4]) {
    const int32_t bias = (int32_t)(count * 128u);
    out[0] = (int32_t)(sum.even & 0xffffu) - bias;
    out[1] = (int32_t)(sum.odd & 0xffffu) - bias;
    out[2] = (int32_t)(sum.even >> 16) - bias;
    out[3] = (int32_t)(sum.odd >> 16) - bias;
}

/* Whether a row and its pitch are multiples of 4. */
static inline int edge_sum4_aligned(const int8_t *row, unsigned pitch) {
    return (((uintptr_t)row | pitch) & 3u) == 0;
}

#endif
