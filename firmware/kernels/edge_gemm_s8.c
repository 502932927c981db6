/* SPDX-License-Identifier: Apache-2.0 */
/* Register pressure decides this file's speed: the first scheduling pass moves loads up and spends registers that the
 * inner loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_gemm_s8.h"

#include "edge_dot_s8.h"
#include "edge_requantize.h"

/* Two sums of one channel to int8: both share the channel's constants. */
static inline void store_two(const edge_gemm_s8 *g, unsigned channel, int32_t a, int32_t b, int8_t *y0, int8_t *y1) {
    const unsigned scale = channel & g->scale_mask;
    const int32_t multiplier = g->multiplier[scale];
    const int32_t right = g->right[scale];
    const int32_t offset = g->zero_point;
    if (edge_requantize_is_short(right)) {
        a = edge_requantize_short(a, multiplier, right, offset);
        b = edge_requantize_short(b, multiplier, right, offset);
    } else {
        a = edge_requantize_long(a, multiplier, -right) + offset;
        b = edge_requantize_long(b, multiplier, -right) + offset;
    }
    edge_clamp_pair_s8(&a, &b, g->low, g->high, g->narrow);
    y0[channel] = (int8_t)a;
    y1[channel] = (int8_t)b;
}

void edge_gemm_s8_pair(const edge_gemm_s8 *g, const int8_t *x0, const int8_t *x1, int8_t *y0, int8_t *y1) {
    const int8_t *w0 = g->weights;
    for (unsigned c = 0; c < g->channels; c += 2) {
        const unsigned d = c + 1 < g->channels ? c + 1 : c; /* an odd last channel is computed twice */
        const int8_t *w1 = d > c ? w0 + g->depth : w0;
        int32_t sum[4] = {g->bias[c], g->bias[d], g->bias[c], g->bias[d]};
        edge_dot_s8_2x2(x0, x1, w0, w1, g->depth, sum);
        w0 = w1 + g->depth;
        store_two(g, c, sum[0], sum[2], y0, y1);
        store_two(g, d, sum[1], sum[3], y0, y1);
    }
}

void edge_gemm_s8_begin(const edge_gemm_s8 *g, unsigned channel, edge_gemm_s8_quad *quad) {
    const int8_t *weights = g->weights + channel * g->depth;
    for (unsigned i = 0; i < 4; i++) {
        quad->weights[i] = weights;
        quad->sum[i] = g->bias[channel];
        if (channel + 1 < g->channels) {
            channel++;
            weights += g->depth;
        }
    }
}

void edge_gemm_s8_add(edge_gemm_s8_quad *quad, const int8_t *x, uint32_t n) {
    const int8_t *const *w = quad->weights;
    edge_dot_s8_1x4(x, w[0], w[1], w[2], w[3], n, quad->sum);
    for (unsigned i = 0; i < 4; i++) {
        quad->weights[i] += n;
    }
}

void edge_gemm_s8_end(const edge_gemm_s8 *g, unsigned channel, const edge_gemm_s8_quad *quad, int8_t *y) {
    for (unsigned i = 0; i < 4 && channel < g->channels; i++, channel++) {
        const unsigned scale = channel & g->scale_mask;
        const int32_t value = edge_requantize(quad->sum[i], g->multiplier[scale], -g->right[scale]) + g->zero_point;
        y[channel] = edge_clamp_s8(value, g->low, g->high);
    }
}

void edge_gemm_s8_single(const edge_gemm_s8 *g, const int8_t *x, int8_t *y) {
    for (unsigned c = 0; c < g->channels; c += 4) {
        edge_gemm_s8_quad quad;
        edge_gemm_s8_begin(g, c, &quad);
        edge_gemm_s8_add(&quad, x, g->depth);
        edge_gemm_s8_end(g, c, &quad, y);
    }
}
