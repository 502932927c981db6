/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of int8 pixels, four channels at a time in the halves of two words. */
#ifndef EDGE_SUM4_DSP_H
#define EDGE_SUM4_DSP_H

#include "edge_dsp.h"

/* The most elements that a half can take: 255 * 128 < 2^15. */
enum { EDGE_SUM4_DSP_MAX = 255 };

/* Sums of channels 0 and 2, and of 1 and 3. */
typedef struct edge_sum4_dsp {
    uint32_t even, odd;
} edge_sum4_dsp;

/* Adds `width` pixels; `n` is a constant 4, or how many channels there are, the others' sums being 0. */
static inline __attribute__((always_inline)) edge_sum4_dsp edge_sum4_dsp_add(edge_sum4_dsp sum, const int8_t *p,
                                                                             unsigned pitch, unsigned width,
                                                                             unsigned n) {
    for (; width != 0; width--, p += pitch) {
        uint32_t word = 0;
        memcpy(&word, p, n);
        sum.even = edge_sxtab16(sum.even, word);
        sum.odd = edge_sxtab16_ror8(sum.odd, word);
    }
    return sum;
}

static inline void edge_sum4_dsp_get(edge_sum4_dsp sum, int32_t out[4]) {
    out[0] = (int16_t)sum.even;
    out[1] = (int16_t)sum.odd;
    out[2] = (int16_t)(sum.even >> 16);
    out[3] = (int16_t)(sum.odd >> 16);
}

#endif
