/* SPDX-License-Identifier: Apache-2.0 */
/* The cores of edge_depthwise_conv_2d_3x3_s8_dsp and _packed: output rows of consecutive channels. */
#ifndef EDGE_DEPTHWISE_3X3_LINE_H
#define EDGE_DEPTHWISE_3X3_LINE_H

#include <stddef.h>
#include <stdint.h>

/* With a sum kept times 2^8, an output is saturate(sum * factor >> EDGE_LINE_SHIFT). */
enum { EDGE_LINE_SHIFT = 42 };

/* One channel. wRC is the weight of row R and column C; so placed, one AND makes a pair for SMLAD, times 2^8. */
typedef struct edge_line_channel {
    int32_t bias;    /* what sums begin with: the bias, the output's zero point, and what the proof asks for */
    uint32_t first;  /* bytes, lowest first: w01, w00, w11, w10 */
    uint32_t second; /* w20, w02, w21, w12 */
    uint32_t third;  /* 0, w22, 0, 0 */
    int32_t factor;  /* not negative */
} edge_line_channel;

/* An output row, or with _s1_dsp several at one distance. The assembly reads the members in this order. */
typedef struct edge_line {
    const int8_t *at, *end; /* in the row above: the first column, and one past the last that completes an output */
    uint32_t in_pitch;      /* times 2^16 */
    uint32_t left;          /* whether a column of padding stands on the left */
    uint32_t padding;       /* the input's zero point in both halves */
    uint32_t right;         /* whether a column of padding stands on the right */
    uint32_t entry;         /* outputs that columns of the row complete: 6 if none, else modulo 6 (stride 1) or 2 */
    const edge_line_channel *channel_end, *channel;
    ptrdiff_t middle, below; /* bytes from the row above to the two below it */
    int8_t *out;
    uint32_t out_pitch;
    ptrdiff_t down;     /* only for _s1_dsp: bytes from row to row, of the input's and of the output's */
    const int8_t *last; /* only for _s1_dsp: `end` in the last row */
} edge_line;

/* Channel by channel, and row by row in it; every column read once, before what it completes is written: so the output
 * may lie on a row. Stride 1 needs out_pitch to be in_pitch. */
typedef void edge_line_of(const edge_line *line);
edge_line_of edge_depthwise_3x3_line_s1_dsp, edge_depthwise_3x3_line_s2_dsp;
edge_line_of edge_depthwise_3x3_line_s1_packed, edge_depthwise_3x3_line_s2_packed;

/* Scale of a channel whose sums need TFLite's own steps. */
typedef struct edge_line_exact {
    int32_t bias; /* contains -(input zero point) * (sum of weights), modulo 2^32 */
    int32_t multiplier, shift;
    int32_t zero_point, low, high;
} edge_line_exact;

/* The same in C, of one channel, for any pitches.
 *
 * Args:
 *     channel: only its weights are read where `exact` is not NULL.
 */
typedef void edge_plain_line_of(const edge_line *line, uint32_t stride, const edge_line_channel *channel,
                                const edge_line_exact *exact);
edge_plain_line_of edge_depthwise_3x3_line;

#endif
