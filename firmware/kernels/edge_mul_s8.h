/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_MUL_S8_H
#define EDGE_MUL_S8_H

#include "edge/model.h"

typedef struct edge_mul_s8_params {
    uint16_t width, channels;
    uint8_t steps; /* EDGE_WALK_* */
    int8_t low, high;
    int16_t a_offset, b_offset; /* minus the inputs' zero points */
    int8_t zero_point;          /* the output's */
    int8_t shift;               /* -31 to 14 */
    int32_t multiplier;         /* Q31, 0 or [2^30, 2^31) */
} edge_mul_s8_params;

/* MUL. Broadcasts by `steps`. May run in place. */
void edge_mul_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                 void *state);

#endif
