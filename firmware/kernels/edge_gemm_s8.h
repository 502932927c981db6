/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix core of the portable convolutions: columns of input times rows of weights, requantized to int8. */
#ifndef EDGE_GEMM_S8_H
#define EDGE_GEMM_S8_H

#include <stdbool.h>
#include <stdint.h>

/* Weight rows and what turns their sums into outputs.
 *
 * bias already contains -(input zero point) * (sum of the row's weights), modulo 2^32, so inputs are used as they are
 * and padding is the zero point. multiplier and right (= -shift, in [-30, 31]) are those of edge_requantize; where one
 * pair serves all channels the arrays have one entry and scale_mask is 0, else it is 0xffff. low and high hold the
 * fused activation; narrow says that they exclude some int8 value. */
typedef struct edge_gemm_s8 {
    const int8_t *weights; /* [channels][depth] */
    const int32_t *bias;   /* [channels] */
    const int32_t *multiplier;
    const int8_t *right;
    uint32_t depth;
    uint16_t channels;
    uint16_t scale_mask;
    int16_t zero_point;
    int8_t low, high;
    bool narrow;
} edge_gemm_s8;

/* y0 and y1 = the outputs for the columns x0 and x1 of `depth` elements; y = those for one column. */
typedef void edge_gemm_s8_of_two(const edge_gemm_s8 *g, const int8_t *x0, const int8_t *x1, int8_t *y0, int8_t *y1);
typedef void edge_gemm_s8_of_one(const edge_gemm_s8 *g, const int8_t *x, int8_t *y);

/* One output per channel. */
edge_gemm_s8_of_two edge_gemm_s8_pair;
edge_gemm_s8_of_one edge_gemm_s8_single;

/* Four channels of one column, whose elements may lie in several runs. Past the last channel the last is repeated. */
typedef struct edge_gemm_s8_quad {
    const int8_t *weights[4];
    int32_t sum[4];
} edge_gemm_s8_quad;

void edge_gemm_s8_begin(const edge_gemm_s8 *g, unsigned channel, edge_gemm_s8_quad *quad);

/* Adds a run of n elements and moves on by n weights. */
void edge_gemm_s8_add(edge_gemm_s8_quad *quad, const int8_t *x, uint32_t n);

/* Stores y[channel] and up to three further channels. */
void edge_gemm_s8_end(const edge_gemm_s8 *g, unsigned channel, const edge_gemm_s8_quad *quad, int8_t *y);

#endif
