/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_3X3_S8_DSP_H
#define EDGE_CONV_2D_3X3_S8_DSP_H

#include "edge/model.h"
#include "edge_gemm_s8_dsp.h"

/* gemm: for the window cores; a step is four channels of one kernel row, for its three columns.
 * Scratch: the columns that the pixels done at once see, two more than the pixels, 6 * depth bytes each. */
typedef struct edge_conv_2d_3x3_s8_dsp_params {
    edge_gemm_s8_dsp gemm;
    uint16_t depth; /* input channels, a multiple of four */
    uint16_t in_width, out_width;
    uint16_t stride_h, dilation_h;
    uint16_t pad_left;
    uint8_t pixels; /* at once, at most */
    int8_t in_zero_point;
} edge_conv_2d_3x3_s8_dsp_params;

/* Columns that lie side by side. All in bytes: `down` from one row's pointer to the next's, `first` to the first
 * column, `pitch` from column to column, `depth` of a column. */
typedef struct edge_gather_columns_s8_dsp {
    uint32_t down, first, pitch, depth;
} edge_gather_columns_s8_dsp;

/* Widens and interleaves four or five columns of three rows. */
typedef void edge_gather_columns_of(int8_t *const *row, uint32_t *to, const edge_gather_columns_s8_dsp *g);
edge_gather_columns_of edge_gather_columns4_s8_dsp, edge_gather_columns5_s8_dsp;

/* Runs of pairs that are fitted or exact. */
edge_gemm_pixels_of edge_conv_2d_3x3_s8_dsp_pixels;

/* CONV_2D of one group with a 3x3 kernel, columns side by side and every pixel in turn; rows at any stride. */
void edge_conv_2d_3x3_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state);

#endif
