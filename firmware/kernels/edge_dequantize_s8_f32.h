/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEQUANTIZE_S8_F32_H
#define EDGE_DEQUANTIZE_S8_F32_H

#include "edge/model.h"

typedef struct edge_dequantize_s8_f32_params {
    uint16_t width, channels;
    uint8_t flip;       /* 0x80 for int8 inputs: it makes their bits those of value + 128. 0 for uint8 */
    int16_t zero_point; /* of the flipped input, 0 to 255 */
    float scale;
} edge_dequantize_s8_f32_params;

/* DEQUANTIZE from int8 or uint8 to float: scale * (q - zero point). */
void edge_dequantize_s8_f32(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state);

#endif
