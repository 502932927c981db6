/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix core of the packed family: pairs of pixels times rows of weights, requantized to int8. */
#ifndef EDGE_GEMM_S8_PACKED_H
#define EDGE_GEMM_S8_PACKED_H

#include <stdbool.h>
#include <stdint.h>

/* How the sums of a channel become outputs, proved in kernels/requantize.py: with t = 256 * sum + offset,
 * y = (high_word(t * multiplier) + base - (t < 0 ? step : 0)) >> output_shift. multiplier is 0 where there is no proof;
 * then `offset` is the channel's index among those. */
typedef struct edge_packed_scale {
    int32_t offset, multiplier;
} edge_packed_scale;

/* Of a channel without a proof: the bias and what edge_requantize takes. */
typedef struct edge_packed_exact {
    int32_t bias, multiplier, shift;
} edge_packed_exact;

/* Rows of weights are filled up with zeros to whole groups of EDGE_PACKED_GROUP, and a group too large for its field is
 * made smaller. What that took from its weights stands in `rest`: index and difference of each, and -1 at the end of a
 * channel; NULL where no channel has any. Biases and offsets contain the input zero point's share and
 * undo what the fields start from. low and high hold the fused activation; narrow says that they exclude some int8
 * value. */
typedef struct edge_gemm_s8_packed {
    const int8_t *weights; /* [channels, rounded up to even][depth] */
    const int16_t *rest;
    const int32_t *scale; /* [channels], edge_packed_scale */
    const int32_t *step;  /* [channels]; NULL where all are 0, and base too */
    const int32_t *exact; /* edge_packed_exact of every channel without a proof; NULL where there is none */
    uint16_t depth;       /* of a row of weights, and of the pixels */
    uint16_t channels;
    int32_t base;
    uint8_t output_shift;
    int8_t zero_point, low, high;
    bool narrow;
} edge_gemm_s8_packed;

/* Without SSAT: most values need no more than one comparison. */
static inline int32_t edge_limit(int32_t y, int32_t low, int32_t high) {
    if ((uint32_t)(y - low) > (uint32_t)(high - low)) {
        y = y < low ? low : high;
    }
    return y;
}

/* y0 and y1 = the outputs for two pixels of `depth` words as edge_dot_s8_packed takes them. Where both outputs are one,
 * x has one pixel, its upper fields 0. */
void edge_gemm_s8_packed_pair(const edge_gemm_s8_packed *g, const uint32_t *x, int8_t *y0, int8_t *y1);

#endif
