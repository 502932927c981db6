/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_ADD_S8_H
#define EDGE_ADD_S8_H

#include "edge/model.h"

typedef struct edge_add_s8_params {
    uint16_t width, channels;
    uint8_t steps;     /* EDGE_WALK_* */
    uint8_t wide;      /* the port of the input with the larger scale (0 where they are equal) */
    int8_t zero_point; /* the output's */
    int8_t low, high;
    uint8_t narrow_right;               /* 1 to 31 */
    uint8_t right;                      /* 1 to 31 */
    int32_t wide_factor, wide_constant; /* 2^19, negative where this input is subtracted; minus its zero point * it */
    int32_t narrow_factor, narrow_constant; /* 2^21, or 2^22 where the scales are equal; minus its zero point * it */
    int32_t narrow_multiplier;              /* Q31, 0 or [2^30, 2^31) */
    int32_t narrow_sign;                    /* 1, or -1 where this input is subtracted */
    int32_t multiplier;                     /* Q31, 0 or [2^30, 2^31) */
} edge_add_s8_params;

/* ADD or SUB, TFLite's arithmetic step by step. Broadcasts by `steps`. May run in place. */
void edge_add_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                 void *state);

#endif
