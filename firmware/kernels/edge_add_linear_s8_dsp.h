/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_ADD_LINEAR_S8_DSP_H
#define EDGE_ADD_LINEAR_S8_DSP_H

#include "edge/model.h"

enum { EDGE_ADD_SHIFT = 22 };

typedef struct edge_add_linear_s8_dsp_params {
    uint16_t width, channels;
    int32_t a_factor, b_factor, constant; /* the sum of all three terms fits int32 for every pair of inputs */
} edge_add_linear_s8_dsp_params;

/* ADD or SUB of two maps of one shape: out = saturate((a * a_factor + b * b_factor + constant) >> EDGE_ADD_SHIFT),
 * where the compiler has proven that this equals TFLite's arithmetic for all 65,536 pairs of inputs. May run in place.
 */
void edge_add_linear_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state);

#endif
