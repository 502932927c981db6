/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_dequantize_s8_f32.h"

void edge_dequantize_s8_f32(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state) {
    const edge_dequantize_s8_f32_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const uint8_t *src = (const uint8_t *)in->row[r];
        int8_t *dst = out->row[r];
        for (uint32_t x = 0; x < p->width; x++, src += in->pitch, dst += out->pitch) {
            float *pixel = (float *)(void *)dst; /* rows and pitches of floats are 4-aligned */
            for (uint32_t c = 0; c < p->channels; c++) {
                pixel[c] = p->scale * (float)((src[c] ^ p->flip) - p->zero_point);
            }
        }
    }
}
