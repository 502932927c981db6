/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix core of the dsp family: pixels times weights, two output channels per weight word.
 *
 * A halfword of weights holds 256 * upper + lower, of two neighbouring channels. SMLAD with int16 inputs gives 256 * U
 * + L for both sums; with the lower weights alone, which SXTB16 takes out of the same word, L. Their difference is the
 * upper sum scaled by 256, as the requantization wants it. */
#ifndef EDGE_GEMM_S8_DSP_H
#define EDGE_GEMM_S8_DSP_H

#include <stdbool.h>
#include <stdint.h>

enum { EDGE_GEMM_DSP_PIXELS = 3 }; /* at most, at once */

/* Inputs lie in groups of four elements (a step), widened to int16: word i of a group holds elements i and i + 2, of
 * pixel 0, then of the next.
 *
 * stream: for each pair of channels
 *     256 * (bias of the upper) + its offset,
 *     two words per step: elements {0, 2} and {1, 3} of the pair's weights,
 *     plain:  multiplier of the upper, multiplier of the lower, 256 * (bias of the lower) + its offset
 *     signed: multiplier of the upper, -step of the upper, base; multiplier, -step, 256 * bias + offset of the lower
 *     exact:  multiplier, rounding, shift of the upper; multiplier, rounding, shift, bias of the lower
 *     slow:   bias, multiplier, right shift of the lower; bias, multiplier, right shift of the upper
 * where bias contains -(input zero point) * (sum of the weights); edgesdk.kernels.requantize says what the others are.
 * Exact pairs, which have no proof, take TFLite's two roundings; their offsets are 0, and rounding is half a step of
 * the shift and the zero point. Slow ones do too, whatever their shifts and weights, those being modulo 2^16.
 *
 * runs: {first channel, pairs, edge_gemm_run}: channels that are computed in one go. */
enum edge_gemm_run { EDGE_GEMM_FITTED, EDGE_GEMM_IN_EXACT, EDGE_GEMM_IN_SLOW };

/* plain and signed by their output shifts */
enum edge_gemm_kind { EDGE_GEMM_PLAIN_9, EDGE_GEMM_PLAIN_13, EDGE_GEMM_SIGNED_9, EDGE_GEMM_SIGNED_13, EDGE_GEMM_EXACT };

/* What follows the products: the assembly's code for two pixels (or one and four channels) and for three. Each is a
 * constant of its own, so that a model links only what it names. */
typedef struct edge_gemm_epilogue_s8_dsp {
    const void *two, *three;
    uint32_t kind;
} edge_gemm_epilogue_s8_dsp;
extern const edge_gemm_epilogue_s8_dsp edge_gemm_plain_9_s8_dsp, edge_gemm_plain_13_s8_dsp, edge_gemm_signed_9_s8_dsp,
    edge_gemm_signed_13_s8_dsp, edge_gemm_exact_s8_dsp;
extern const edge_gemm_epilogue_s8_dsp edge_gemm_quad_wide_plain_9_s8_dsp, edge_gemm_quad_wide_plain_13_s8_dsp,
    edge_gemm_quad_wide_signed_9_s8_dsp, edge_gemm_quad_wide_signed_13_s8_dsp, edge_gemm_quad_bytes_plain_9_s8_dsp,
    edge_gemm_quad_bytes_plain_13_s8_dsp, edge_gemm_quad_bytes_signed_9_s8_dsp, edge_gemm_quad_bytes_signed_13_s8_dsp;

typedef struct edge_gemm_s8_dsp edge_gemm_s8_dsp;
typedef const uint32_t *edge_gemm_slow_of(const edge_gemm_s8_dsp *g, const uint32_t *x, unsigned pixels,
                                          const uint32_t *stream, uint32_t pairs, int8_t *y, uint32_t pitch);
/* Computes and stores all channels of 2 or 3 pixels; pitch: bytes from one output pixel to the next. The first pixel is
 * stored last: with a pitch of 0 it is the only one. */
typedef void edge_gemm_pixels_of(const edge_gemm_s8_dsp *g, const uint32_t *x, unsigned pixels, int8_t *y,
                                 uint32_t pitch);
struct edge_gemm_s8_dsp {
    const uint32_t *stream;
    const uint16_t *runs;        /* NULL where there is one, fitted and not narrow: a core does it alone */
    edge_gemm_pixels_of *pixels; /* does the others; NULL like runs */
    const edge_gemm_epilogue_s8_dsp *fitted;
    const edge_gemm_epilogue_s8_dsp *exact; /* NULL where no run needs it, like slow */
    edge_gemm_slow_of *slow;
    uint16_t run_count;
    uint16_t steps;
    uint16_t channels;
    int8_t zero_point, low, high;
    bool narrow; /* low and high exclude some int8 value */
};

/* Runs of any kind, and outputs between low and high. */
edge_gemm_pixels_of edge_gemm_s8_dsp_pixels;

/* What a core works on: pairs (or quads) of channels in the stream. Cores return the end of what they have read. */
typedef struct edge_gemm_core_s8_dsp {
    uint32_t steps, count, pitch;
    const edge_gemm_epilogue_s8_dsp *epilogue;
} edge_gemm_core_s8_dsp;

typedef const uint32_t *edge_gemm_core_of(const void *x, const uint32_t *stream, int8_t *y,
                                          const edge_gemm_core_s8_dsp *core);
edge_gemm_core_of edge_gemm_core2_s8_dsp, edge_gemm_core3_s8_dsp;

/* The same for windows of three taps: a step is three words of weights, and the words of as many neighbouring inputs as
 * the pixels see with them, four or five. */
edge_gemm_core_of edge_gemm_window2_s8_dsp, edge_gemm_window3_s8_dsp;

/* The pairs of a slow run. */
edge_gemm_slow_of edge_gemm_slow_s8_dsp;

/* One pixel, four channels: the streams of two pairs, word by word. The inputs are widened, or bytes as they lie. */
edge_gemm_core_of edge_gemm_quad_wide_s8_dsp, edge_gemm_quad_bytes_s8_dsp;

#endif
