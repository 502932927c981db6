/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEPTHWISE_CONV_2D_3X3_S8_MVE_H
#define EDGE_DEPTHWISE_CONV_2D_3X3_S8_MVE_H

#include "edge/model.h"

/* What a core works on: some columns of up to 16 channels, rows of `block` bytes, [columns][rows][block], and outputs
 * in tiles of four. */
typedef struct edge_depthwise_core_s8_mve {
    uint8_t element[16];    /* where a window's bytes lie in the columns, column by column */
    uint32_t to[4];         /* where the outputs of a tile go */
    const int8_t *weights;  /* of the first channel */
    const int32_t *scale;   /* its offset and multiplier */
    const int32_t *end;     /* of the last channel's */
    uint32_t tiles;         /* but for the last */
    uint32_t x_step;        /* bytes from tile to tile */
    uint32_t y_step;        /* and of its outputs */
    uint32_t second_window; /* bytes to the third and fourth output's columns, with stride 2 */
    uint32_t all, last;     /* the outputs of a tile that are stored, four bits each; and of the last one */
} edge_depthwise_core_s8_mve;

/* With stride 1 a tile is two columns of two rows, from columns of four rows; with stride 2 it is four of a row, from
 * columns of three. */
typedef void edge_depthwise_core_of_s8_mve(const int8_t *x, int8_t *y, const edge_depthwise_core_s8_mve *core);
edge_depthwise_core_of_s8_mve edge_depthwise_core_s1_s8_mve, edge_depthwise_core_s2_s8_mve;

/* weights: 8 zeros, then [channels][16]: the nine taps, column by column, as many bytes a column as the columns have
 * rows, and zeros. scale: [channels][2], offset and multiplier:
 * y = saturate8((256 * sum + offset) * multiplier >> 42), where the sum is that of int8 inputs as they are. */
typedef struct edge_depthwise_conv_2d_3x3_s8_mve_params {
    edge_depthwise_core_of_s8_mve *core;
    const int8_t *weights;
    const int32_t *scale;
    uint16_t channels;
    uint16_t in_width, out_width;
    uint16_t stride_h; /* 1 where stride_w is */
    uint8_t stride_w;  /* 1 or 2 */
    uint8_t pad_left;
    uint8_t block, tiles; /* channels, at most 16, and tiles that scratch has columns for */
    int8_t in_zero_point;
} edge_depthwise_conv_2d_3x3_s8_mve_params;

enum { EDGE_DEPTHWISE_MVE_AHEAD = 8 };

/* DEPTHWISE_CONV_2D with a 3x3 kernel, no dilation and one output channel per input channel, some channels at a
 * time, which wait in scratch. */
void edge_depthwise_conv_2d_3x3_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                       void *scratch, void *state);

#endif
