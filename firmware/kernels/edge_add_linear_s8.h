/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_ADD_LINEAR_S8_H
#define EDGE_ADD_LINEAR_S8_H

#include "edge/model.h"

typedef struct edge_add_linear_s8_params {
    uint16_t width, channels;
    uint8_t steps;                        /* EDGE_WALK_* */
    uint8_t shift;                        /* 1 to 30 */
    int32_t a_factor, b_factor, constant; /* the sum of all three terms fits int32 for every pair of inputs */
    int8_t low, high;
} edge_add_linear_s8_params;

/* ADD or SUB: out = clamp((a * a_factor + b * b_factor + constant) >> shift), where the compiler has proven that this
 * equals TFLite's arithmetic for all 65,536 pairs of inputs. Broadcasts by `steps`. May run in place. */
void edge_add_linear_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                        void *state);

#endif
