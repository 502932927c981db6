/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_quantize_f32_s8.h"

#include "edge_requantize.h"

static int8_t quantize(float x, float scale, int32_t zero_point) {
    const float ratio = x / scale;
    if (ratio > 256.0f) { /* also keeps the conversion below defined */
        return 127;
    }
    if (ratio < -256.0f) {
        return -128;
    }
    if (ratio != ratio) {
        return (int8_t)zero_point;
    }
    int32_t rounded = (int32_t)ratio;
    const float rest = ratio - (float)rounded; /* exact */
    if (rest >= 0.5f) {
        rounded++;
    } else if (rest <= -0.5f) {
        rounded--;
    }
    return edge_clamp_s8(rounded + zero_point, -128, 127);
}

void edge_quantize_f32_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                          void *state) {
    const edge_quantize_f32_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *src = in->row[r];
        int8_t *dst = out->row[r];
        for (uint32_t x = 0; x < p->width; x++, src += in->pitch, dst += out->pitch) {
            const float *pixel = (const float *)(const void *)src; /* rows and pitches of floats are 4-aligned */
            for (uint32_t c = 0; c < p->channels; c++) {
                dst[c] = quantize(pixel[c], p->scale, p->zero_point);
            }
        }
    }
}
