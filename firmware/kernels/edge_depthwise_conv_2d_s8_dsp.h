/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEPTHWISE_CONV_2D_S8_DSP_H
#define EDGE_DEPTHWISE_CONV_2D_S8_DSP_H

#include "edge/model.h"

/* The rows of the map that one output row reads, those outside left out. */
typedef struct edge_depthwise_window {
    int8_t *const *row; /* of the first tap inside; the next tap's is dilation_h further on */
    uint32_t rows;
    uint32_t first_tap; /* the kernel's row that row[0] meets */
    uint32_t pitch;     /* bytes from pixel to pixel */
} edge_depthwise_window;

struct edge_depthwise_conv_2d_s8_dsp_params;

/* Makes one row of the output, all channels. It may lie on a row that dies here, no later than that, by whole pixels.
 */
typedef void edge_depthwise_row_s8_dsp(const struct edge_depthwise_conv_2d_s8_dsp_params *p,
                                       const edge_depthwise_window *in, int8_t *out, uint32_t out_pitch, void *scratch);

/* For channels with a proof (factor > 0) an output is saturate((sum * 2^8 + offset) * factor >> 42); the others take
 * TFLite's steps with the exact_ arrays, which are NULL where all have one. right = -shift of edge_requantize. */
typedef struct edge_depthwise_conv_2d_s8_dsp_params {
    edge_depthwise_row_s8_dsp *make_row;
    const void *weights;  /* as make_row wants them */
    const int32_t *scale; /* [channels][2]: offset, factor */
    const int32_t *exact_bias;
    const int32_t *exact_multiplier;
    const int8_t *exact_right;
    uint16_t channels;
    uint16_t in_width, out_width;
    uint16_t kernel_h, kernel_w;
    uint16_t stride_h, stride_w;
    uint16_t dilation_h, dilation_w;
    uint16_t pad_left;
    int16_t in_offset; /* minus the input's zero point */
    int8_t zero_point; /* the output's */
    int8_t low, high;
} edge_depthwise_conv_2d_s8_dsp_params;

/* Pixel by pixel, four channels at a time; any kernel, stride and dilation; taps outside the map cost nothing.
 * weights: uint32_t [channels / 4, rounded up][kernel_h][kernel_w], four channels in a word, lowest first; the last
 * word ends with the last channel. Scratch: uint32_t [pad_left + 1], outputs that wait. */
edge_depthwise_row_s8_dsp edge_depthwise_pixels_s8_dsp;

/* Channel by channel, four pixels at a time, from planes in scratch: kernels 3, 5 or 7 wide (first digit), strides 1 or
 * 2 along the row (second), no dilation along it, four channels or more.
 * weights: int8_t [channels][kernel_h][kernel_w], and one byte more; the taps of a row as w0 w2 w1 [w3 w4 [w6 w5]].
 * Scratch: int16_t [2][kernel_h][edge_depthwise_plane_width]. */
edge_depthwise_row_s8_dsp edge_depthwise_planes31_s8_dsp, edge_depthwise_planes32_s8_dsp;
edge_depthwise_row_s8_dsp edge_depthwise_planes51_s8_dsp, edge_depthwise_planes52_s8_dsp;
edge_depthwise_row_s8_dsp edge_depthwise_planes71_s8_dsp, edge_depthwise_planes72_s8_dsp;

/* Taps [from, to) of one axis lie in the map; tap `from` reads its element `first`. */
typedef struct edge_taps {
    int32_t from, to, first;
} edge_taps;

static inline edge_taps edge_taps_inside(int32_t start, int32_t dilation, int32_t kernel, int32_t low, int32_t high) {
    int32_t from = 0, to = kernel;
    while (from < to && start + from * dilation < low) {
        from++;
    }
    while (to > from && start + (to - 1) * dilation >= high) {
        to--;
    }
    return (edge_taps){from, to, start + from * dilation};
}

/* DEPTHWISE_CONV_2D with one output channel per input channel. */
void edge_depthwise_conv_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                   void *scratch, void *state);

#endif
