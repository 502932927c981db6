/* SPDX-License-Identifier: Apache-2.0 */
/* As in edge_gemm_s8.c: the first scheduling pass spends registers that the inner loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_gemm_pool_s8.h"

#include "edge_dot_s8.h"
#include "edge_requantize.h"

/* The group under way, of two columns. */
typedef struct pool {
    int32_t a, b;
    uint32_t left; /* channels still to come */
    int8_t *y0, *y1;
} pool;

static inline void begin(const edge_gemm_pool_s8 *p, pool *k) {
    k->a = k->b = p->mode == EDGE_POOL_AVERAGE ? 0 : INT32_MIN;
    k->left = p->pooled.n;
}

static inline int32_t larger(int32_t a, int32_t b) {
    return a > b ? a : b;
}

/* Adds one channel, and stores the group that it completes. */
static inline void take(const edge_gemm_pool_s8 *p, pool *k, unsigned channel, int32_t a, int32_t b) {
    const edge_gemm_s8 *g = &p->gemm;
    k->left--;
    if (p->mode == EDGE_POOL_MAX_OF_SUMS) {
        a = larger(a, k->a);
        b = larger(b, k->b);
        if (k->left > 0) {
            k->a = a;
            k->b = b;
            return;
        }
    }
    const unsigned scale = channel & g->scale_mask;
    const int32_t multiplier = g->multiplier[scale];
    const int32_t right = g->right[scale];
    if (edge_requantize_is_short(right)) {
        a = edge_requantize_short(a, multiplier, right, g->zero_point);
        b = edge_requantize_short(b, multiplier, right, g->zero_point);
    } else {
        a = edge_requantize_long(a, multiplier, -right) + g->zero_point;
        b = edge_requantize_long(b, multiplier, -right) + g->zero_point;
    }
    edge_clamp_pair_s8(&a, &b, g->low, g->high, g->narrow);
    if (p->mode != EDGE_POOL_MAX_OF_SUMS) {
        const bool average = p->mode == EDGE_POOL_AVERAGE;
        a = average ? k->a + a : larger(a, k->a);
        b = average ? k->b + b : larger(b, k->b);
        if (k->left > 0) {
            k->a = a;
            k->b = b;
            return;
        }
        if (average) {
            a = edge_divide_rounded(a, p->pooled);
            b = edge_divide_rounded(b, p->pooled);
        }
    }
    *k->y0++ = (int8_t)a;
    *k->y1++ = (int8_t)b;
    begin(p, k);
}

void edge_gemm_pool_s8_pair(const edge_gemm_s8 *g, const int8_t *x0, const int8_t *x1, int8_t *y0, int8_t *y1) {
    const edge_gemm_pool_s8 *p = (const edge_gemm_pool_s8 *)g;
    const int8_t *w0 = g->weights;
    pool k = {.y0 = y0, .y1 = y1};
    begin(p, &k);
    for (unsigned c = 0; c < g->channels; c += 2) {
        const unsigned n = c + 1 < g->channels ? 2 : 1; /* an odd last channel is computed twice */
        const int8_t *w1 = n == 2 ? w0 + g->depth : w0;
        int32_t sum[4] = {g->bias[c], g->bias[c + n - 1], g->bias[c], g->bias[c + n - 1]};
        edge_dot_s8_2x2(x0, x1, w0, w1, g->depth, sum);
        w0 = w1 + g->depth;
        for (unsigned i = 0; i < n; i++) {
            take(p, &k, c + i, sum[i], sum[i + 2]);
        }
    }
}

void edge_gemm_pool_s8_single(const edge_gemm_s8 *g, const int8_t *x, int8_t *y) {
    const edge_gemm_pool_s8 *p = (const edge_gemm_pool_s8 *)g;
    pool k = {.y0 = y, .y1 = y};
    begin(p, &k);
    for (unsigned c = 0; c < g->channels; c += 4) {
        edge_gemm_s8_quad quad;
        edge_gemm_s8_begin(g, c, &quad);
        edge_gemm_s8_add(&quad, x, g->depth);
        for (unsigned i = 0; i < 4 && c + i < g->channels; i++) {
            take(p, &k, c + i, quad.sum[i], quad.sum[i]);
        }
    }
}
