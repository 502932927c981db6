/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_MUL_S8_DSP_H
#define EDGE_MUL_S8_DSP_H

#include "edge/model.h"

enum { EDGE_MUL_SHIFT = 10 }; /* after the high word of the product */

typedef struct edge_mul_s8_dsp_params {
    int32_t offset, factor;     /* 256 * product + offset fits int32 for every pair of inputs */
    int32_t base, step;         /* step: what rounding away from zero takes from negative ones; 0: nothing */
    int16_t a_offset, b_offset; /* minus the inputs' zero points */
    uint16_t width, channels;
    uint8_t steps; /* edge_walk.h; both inputs move on from channel to channel */
} edge_mul_s8_dsp_params;

/* MUL of two maps, or of a map and a pixel or a row for all: with product = (a + a_offset) * (b + b_offset),
 * t = 256 * product + offset and high = the high word of t * factor, out = saturate((high + base - (t < 0 ? step : 0))
 * >> 10), where the compiler has proven that this equals TFLite's arithmetic for all inputs. May run in place. */
void edge_mul_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state);

#endif
