/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_S8_DSP_H
#define EDGE_CONV_2D_S8_DSP_H

#include "edge/model.h"
#include "edge_gemm_s8_dsp.h"

/* gemm: its elements are those of kernel row 0, padded with zero weights to whole steps, then those of the next. Where
 * that would leave one element of each of at most four rows alone (`merged`), these come last, in one step.
 * Scratch: 8 * steps bytes for each pixel done at once. */
typedef struct edge_conv_2d_s8_dsp_params {
    edge_gemm_s8_dsp gemm;
    uint16_t depth; /* input channels */
    uint16_t in_width, out_width;
    uint16_t kernel_h, kernel_w;
    uint16_t stride_h, stride_w;
    uint16_t dilation_h, dilation_w;
    uint16_t pad_left;
    uint8_t pixels; /* at once, at most */
    int8_t in_zero_point;
    bool merged;
} edge_conv_2d_s8_dsp_params;

/* Patches that lie side by side. All in bytes: `down` from one row's pointer to the next's, `first` to the first
 * patch, `step` from patch to patch, `length` of the whole steps of a row, not 0; merged as above. */
typedef struct edge_gather_s8_dsp {
    uint32_t down, first, step, length, merged;
} edge_gather_s8_dsp;

/* Widens and interleaves the patches of two or three pixels. What pads a merged step is left as it is. */
typedef void edge_gather_of(int8_t *const *row, uint32_t *to, const edge_gather_s8_dsp *g, uint32_t rows);
edge_gather_of edge_gather2_s8_dsp, edge_gather3_s8_dsp;

/* CONV_2D of one group, any geometry, two or more output channels. */
void edge_conv_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state);

#endif
