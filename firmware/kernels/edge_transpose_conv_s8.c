/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_transpose_conv_s8.h"

#include <string.h>

#include "edge_gemm_s8.h"

/* One output pixel: y and x are its coordinates plus the padding, so that tap k reads input (y - k) / stride. */
static void pixel(const edge_transpose_conv_s8_params *p, const edge_gemm_s8 *g, const edge_rows *in, uint32_t y,
                  uint32_t x, const int8_t *outside, int8_t *to) {
    for (unsigned c = 0; c < g->channels; c += 4) {
        edge_gemm_s8_quad quad;
        edge_gemm_s8_begin(g, c, &quad);
        const int8_t *weights[4];
        memcpy(weights, quad.weights, sizeof weights);
        for (unsigned ky = y % p->stride_h; ky < p->kernel_h; ky += p->stride_h) {
            const int32_t row =
                ((int32_t)y - (int32_t)ky) / p->stride_h - in->y; /* y - ky is a multiple of the stride */
            const bool row_inside = row >= in->valid_from && row < in->valid_to;
            for (unsigned kx = x % p->stride_w; kx < p->kernel_w; kx += p->stride_w) {
                const int32_t column = ((int32_t)x - (int32_t)kx) / p->stride_w;
                const bool inside = row_inside && (uint32_t)column < p->in_width;
                const uint32_t tap = (ky * p->kernel_w + kx) * p->in_channels;
                for (unsigned i = 0; i < 4; i++) {
                    quad.weights[i] = weights[i] + tap;
                }
                edge_gemm_s8_add(&quad, inside ? in->row[row] + (uint32_t)column * in->pitch : outside, p->in_channels);
            }
        }
        edge_gemm_s8_end(g, c, &quad, to);
    }
}

void edge_transpose_conv_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state) {
    const edge_transpose_conv_s8_params *p = op->params;
    (void)state;
    memset(scratch, p->in_zero_point, p->in_channels);
    edge_gemm_s8 g = {.weights = p->weights,
                      .multiplier = p->multiplier,
                      .right = p->right,
                      .depth = p->depth,
                      .channels = p->channels,
                      .scale_mask = p->scale_mask,
                      .zero_point = p->zero_point,
                      .low = p->low,
                      .high = p->high,
                      .narrow = p->narrow};
    for (unsigned r = 0; r < span.rows; r++) {
        const uint32_t y = span.y + r + p->pad_top;
        int8_t *to = out->row[r];
        for (uint32_t x = p->pad_left; x < (uint32_t)p->out_width + p->pad_left; x++, to += out->pitch) {
            g.bias = p->bias + ((y % p->stride_h) * p->stride_w + x % p->stride_w) * p->channels;
            pixel(p, &g, in, y, x, scratch, to);
        }
    }
}
