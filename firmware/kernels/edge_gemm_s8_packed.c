/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_gemm_s8_packed.h"

#include <stddef.h>

#include "edge_dot_s8_packed.h"
#include "edge_multiply_high.h"
#include "edge_requantize.h"

/* The sums of one channel for both pixels. */
typedef struct sums {
    int32_t first, second;
} sums;

/* Adds what the weights of a channel lack; returns where those of the next begin. */
static const int16_t *add_rest(const int16_t *rest, const uint32_t *x, sums *to) {
    const int16_t *end = rest + 1 + 2 * *rest;
    for (rest++; rest != end; rest += 2) {
        const uint32_t pixels = x[rest[0]];
        to->first += (int16_t)pixels * rest[1];
        to->second += ((int32_t)(pixels + 0x8000) >> 16) * rest[1];
    }
    return end;
}

/* TFLite's two roundings. */
static __attribute__((noinline)) sums exact_outputs(const edge_gemm_s8_packed *g, int32_t index, sums s) {
    const edge_packed_exact *k = (const edge_packed_exact *)g->exact + index;
    return (sums){edge_requantize(s.first + k->bias, k->multiplier, k->shift) + g->zero_point,
                  edge_requantize(s.second + k->bias, k->multiplier, k->shift) + g->zero_point};
}

void edge_gemm_s8_packed_pair(const edge_gemm_s8_packed *g, const uint32_t *x, int8_t *y0, int8_t *y1) {
    const uint32_t depth = g->depth;
    const int32_t low = g->low, high = g->high, output_shift = g->output_shift;
    const bool narrow = g->narrow;
    const int8_t *w = g->weights;
    const int16_t *rest = g->rest;
    const edge_packed_scale *k = (const edge_packed_scale *)g->scale;
    const int32_t *step = g->step;
    for (unsigned left = g->channels; left > 0;) {
        const int8_t *next = left > 1 ? w + depth : w; /* an odd last channel is computed twice */
        uint32_t fields[4];
        edge_dot_s8_packed(x, w, next, depth, fields);
        w = next + depth;
        for (const uint32_t *f = fields; f != fields + 4 && left > 0; f += 2, left--, k++) {
            sums s = {(int32_t)(f[0] - (f[1] << 16)), (int32_t)f[1]};
            if (rest != NULL) {
                rest = add_rest(rest, x, &s);
            }
            if (k->multiplier == 0) {
                s = exact_outputs(g, k->offset, s);
            } else {
                const int32_t t = s.first * 256 + k->offset, u = s.second * 256 + k->offset;
                s.first = edge_multiply_high(t, k->multiplier);
                s.second = edge_multiply_high(u, k->multiplier);
                if (step != NULL) {
                    s.first += g->base - (t >> 31 & *step);
                    s.second += g->base - (u >> 31 & *step);
                }
                s.first >>= output_shift;
                s.second >>= output_shift;
            }
            step += step != NULL;
            edge_clamp_pair_s8(&s.first, &s.second, low, high, narrow);
            *y1++ = (int8_t)s.second;
            *y0++ = (int8_t)s.first;
        }
    }
}
