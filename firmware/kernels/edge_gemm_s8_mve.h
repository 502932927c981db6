/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix cores of the mve family: columns of input times a stream of weights, requantized to int8. */
#ifndef EDGE_GEMM_S8_MVE_H
#define EDGE_GEMM_S8_MVE_H

#include <stdint.h>

/* A stream holds blocks of channels, the last one filled up with zeros. A block is its weights, [step][channel][16]
 * int8, then words per channel: bias, multiplier, -right. Bias already contains -(input zero point) * (sum of the
 * channel's weights), modulo 2^32; right is in [1, 31]. The last step has the last `last` elements (1 to 16) of the
 * column and zeros for the rest. Nothing is read or written past a column. */

/* Blocks of four channels. */
typedef struct edge_gemm_s8_mve {
    const int32_t *stream;
    uint32_t steps; /* > 0 */
    uint32_t last;
    uint32_t channels;
    int32_t zero_point; /* of the output */
} edge_gemm_s8_mve;

/* What edge_gemm_core_s8_mve wants to know of an edge_gemm_s8_mve; made once for many calls. */
typedef struct edge_gemm_plan_s8_mve {
    uint32_t words[9];
} edge_gemm_plan_s8_mve;

void edge_gemm_make_plan_s8_mve(edge_gemm_plan_s8_mve *plan, const edge_gemm_s8_mve *g);

/* Columns x and x + x_step to the pixels y and y + y_step, then on by twice the steps, `pairs` (> 0) times. Both pixels
 * are written in blocks of four channels while both columns are still read. */
void edge_gemm_core_s8_mve(const int8_t *x, int8_t *y, const edge_gemm_plan_s8_mve *plan, uint32_t x_step,
                           uint32_t y_step, uint32_t pairs);

/* One column, two blocks at a time. */
void edge_gemm_one_s8_mve(const int8_t *x, int8_t *y, const edge_gemm_s8_mve *g);

/* Blocks of eight channels, the even ones first. With one multiplier for all, blocks have only biases. */
typedef struct edge_dot_s8_mve {
    const int32_t *stream;
    uint32_t steps;
    uint32_t last;
    uint32_t channels;
    int32_t zero_point;
    int32_t multiplier; /* 0: in the stream */
    int32_t right;      /* its shift, negative */
} edge_dot_s8_mve;

/* One column. */
void edge_dot_core_s8_mve(const int8_t *x, int8_t *y, const edge_dot_s8_mve *g);

#endif
