/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix cores of the mve family: columns of input times a stream of weights, requantized to int8. */
#ifndef EDGE_GEMM_S8_MVE_H
#define EDGE_GEMM_S8_MVE_H

#include <stdint.h>

/* A stream holds blocks of four channels (edge_gemm_core_s8_mve) or eight (edge_dot_core_s8_mve), the last one filled
 * up with zeros. A block is its weights, [step][channel][16] int8, then words per channel: bias, multiplier, -right.
 * Bias already contains -(input zero point) * (sum of the channel's weights), modulo 2^32; right is in [1, 31]. The
 * first step has the first `first` elements (1 to 16) of the column and zeros for the rest, the others have 16 each. In
 * blocks of eight, the even channels come first. Nothing is read or written past a column. */
typedef struct edge_gemm_s8_mve {
    const int32_t *stream;
    uint32_t steps;
    uint32_t first;
    uint32_t channels;
    int32_t zero_point; /* of the output */
} edge_gemm_s8_mve;

/* Columns x and x + x_step to the pixels y and y + y_step, then on by twice the steps, `pairs` (> 0) times. Steps may
 * be 0. Both pixels are written in blocks of four channels while both columns are still read. */
void edge_gemm_core_s8_mve(const int8_t *x, int8_t *y, const edge_gemm_s8_mve *g, uint32_t x_step, uint32_t y_step,
                           uint32_t pairs);

/* One column. */
void edge_dot_core_s8_mve(const int8_t *x, int8_t *y, const edge_gemm_s8_mve *g);

#endif
