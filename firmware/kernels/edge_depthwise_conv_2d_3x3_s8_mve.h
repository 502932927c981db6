/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEPTHWISE_CONV_2D_3X3_S8_MVE_H
#define EDGE_DEPTHWISE_CONV_2D_3X3_S8_MVE_H

#include "edge/model.h"

enum { EDGE_DEPTHWISE_MVE_BLOCK = 16, EDGE_DEPTHWISE_MVE_ROWS = 4, EDGE_DEPTHWISE_MVE_AHEAD = 4 };

/* What the cores work on: some columns of a block of channels, [columns][16][4 rows], in scratch, 4-byte aligned. */
typedef struct edge_depthwise_core_s8_mve {
    const int8_t *row[EDGE_DEPTHWISE_MVE_ROWS]; /* the first pixel's first channel */
    uint32_t in_pitch;
    uint32_t channels; /* of the block, 1 to 16 */
    uint32_t outputs;  /* side by side, > 0 */
    uint32_t out_pitch;
    const int32_t *scale; /* of the block's first channel */
    int32_t zero_point;   /* of the output, for the exact cores */
} edge_depthwise_core_s8_mve;

/* Copies `count` (> 0) columns of three or four rows, those that lie `from` bytes from the rows' starts and on. */
typedef void edge_depthwise_columns_of_s8_mve(int8_t *to, const edge_depthwise_core_s8_mve *core, uint32_t from,
                                              uint32_t count);
edge_depthwise_columns_of_s8_mve edge_depthwise_columns_3_s8_mve, edge_depthwise_columns_4_s8_mve;

/* A row of outputs, the first from `columns` on, the next one or two (the stride) columns further. `weights` are the
 * block's first channel's; a byte before them, where they are those of a row further down. */
typedef void edge_depthwise_core_of_s8_mve(const int8_t *columns, int8_t *y, const edge_depthwise_core_s8_mve *core,
                                           const int8_t *weights);
edge_depthwise_core_of_s8_mve edge_depthwise_core_s1_s8_mve, edge_depthwise_core_s2_s8_mve;
edge_depthwise_core_of_s8_mve edge_depthwise_exact_core_s1_s8_mve, edge_depthwise_exact_core_s2_s8_mve;

/* weights: 4 zeros, then [channels][16]: the nine taps, column by column, four bytes a column, and zeros.
 * scale: [channels / 4][2][4], offsets and multipliers:
 * y = saturate8((256 * sum + offset) * multiplier >> 42), where the sum is that of int8 inputs as they are.
 * Of the exact cores [channels / 4][3][4], biases, multipliers, -right (in [-31, -1]): TFLite's two roundings.
 * Both arrays are filled up with zeros to a multiple of four channels. */
typedef struct edge_depthwise_conv_2d_3x3_s8_mve_params {
    edge_depthwise_core_of_s8_mve *core;
    const int8_t *weights;
    const int32_t *scale;
    uint16_t channels;
    uint16_t in_width, out_width;
    uint16_t stride_h; /* 1 where stride_w is */
    uint16_t held;     /* outputs of a row that scratch has columns for */
    uint8_t stride_w;  /* 1 or 2 */
    uint8_t pad_left;
    uint8_t scale_words; /* of a channel */
    int8_t in_zero_point, zero_point;
} edge_depthwise_conv_2d_3x3_s8_mve_params;

/* DEPTHWISE_CONV_2D with a 3x3 kernel, no dilation and one output channel per input channel, 16 channels at a time,
 * which wait in scratch. */
void edge_depthwise_conv_2d_3x3_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                       void *scratch, void *state);

#endif
