/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_gemm_s8_packed.h"

#include <stddef.h>

#include "edge_dot_s8_packed.h"
#include "edge_multiply_high.h"
#include "edge_requantize.h"

/* Channels whose sums are kept on the stack; even. */
enum { BLOCK = 16 };

/* The sums of one channel for both pixels. */
typedef struct sums {
    int32_t first, second;
} sums;

/* TFLite's two roundings. */
static __attribute__((noinline)) sums exact_outputs(const edge_gemm_s8_packed *g, int32_t index, sums s) {
    const edge_packed_exact *k = (const edge_packed_exact *)g->exact + index;
    return (sums){edge_requantize(s.first + k->bias, k->multiplier, k->shift) + g->zero_point,
                  edge_requantize(s.second + k->bias, k->multiplier, k->shift) + g->zero_point};
}

static inline void limit_pair(const edge_gemm_s8_packed *g, sums *s) {
#if defined(__ARM_FEATURE_SAT)
    edge_clamp_pair_s8(&s->first, &s->second, g->low, g->high, g->narrow);
#else
    s->first = edge_limit(s->first, g->low, g->high);
    s->second = edge_limit(s->second, g->low, g->high);
#endif
}

/* What finishing a pair of pixels moves along. */
typedef struct place {
    const int16_t *rest;
    const edge_packed_scale *scale;
    const int32_t *step;
    int8_t *y;
} place;

/* The outputs of n channels; those of the second pixel lie `apart` bytes from the first's. */
static void finish(const edge_gemm_s8_packed *g, const uint32_t *x, const uint32_t *fields, uint32_t n, place *at,
                   ptrdiff_t apart) {
    place k = *at;
    const uint32_t *end = fields + 2 * n;
    const int32_t output_shift = g->output_shift;
    do {
        uint32_t all = fields[0], upper = fields[1];
        fields += 2;
        if (k.rest != NULL) {
            for (int32_t i; (i = *k.rest++) >= 0;) {
                const int32_t difference = *k.rest++;
                const uint32_t s = EDGE_PACKED_FIELDS + x[i] * (uint32_t)difference;
                all += s;
                upper += s >> 16;
            }
        }
        sums s = {(int32_t)(all - (upper << 16)), (int32_t)upper};
        const int32_t multiplier = k.scale->multiplier, offset = k.scale->offset;
        k.scale++;
        if (multiplier == 0) {
            s = exact_outputs(g, offset, s);
        } else {
            const int32_t t = s.first * 256 + offset, u = s.second * 256 + offset;
            s.first = edge_multiply_high(t, multiplier);
            s.second = edge_multiply_high(u, multiplier);
            if (k.step != NULL) {
                s.first += g->base - (t >> 31 & *k.step);
                s.second += g->base - (u >> 31 & *k.step);
            }
            s.first >>= output_shift;
            s.second >>= output_shift;
        }
        k.step += k.step != NULL;
        limit_pair(g, &s);
        k.y[apart] = (int8_t)s.second;
        *k.y++ = (int8_t)s.first;
    } while (fields != end);
    *at = k;
}

void edge_gemm_s8_packed_pair(const edge_gemm_s8_packed *g, const uint32_t *x, int8_t *y0, int8_t *y1) {
    const ptrdiff_t apart = (intptr_t)y1 - (intptr_t)y0;
    void (*const dot)(const uint32_t *, const int8_t *, uint32_t, uint32_t, uint32_t *) =
        apart == 0 ? edge_dot_s8_packed_one : edge_dot_s8_packed;
    const int8_t *w = g->weights;
    place at = {g->rest, (const edge_packed_scale *)g->scale, g->step, y0};
    for (uint32_t left = g->channels; left > 0;) {
        uint32_t fields[2 * BLOCK];
        const uint32_t n = left < BLOCK ? left : BLOCK;
        dot(x, w, g->depth, (n + 1) / 2, fields);
        finish(g, x, fields, n, &at, apart);
        w += n * g->depth;
        left -= n;
    }
}
