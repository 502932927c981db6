/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_QUANTIZE_F32_S8_H
#define EDGE_QUANTIZE_F32_S8_H

#include "edge/model.h"

typedef struct edge_quantize_f32_s8_params {
    uint16_t width, channels;
    int8_t zero_point;
    float scale;
} edge_quantize_f32_s8_params;

/* QUANTIZE from float to int8: round(x / scale) + zero point, halves away from zero; NaN counts as 0. */
void edge_quantize_f32_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                          void *state);

#endif
