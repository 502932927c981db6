/* SPDX-License-Identifier: Apache-2.0 */
/* As in edge_gemm_s8.c: the first scheduling pass spends registers that the loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif
#include "edge_dot_s8_packed.h"

#include "edge_dot_s8.h"

/* One element by one channel: as the weight is int8, the product modulo 2^32 holds both products. */
static inline uint32_t step(uint32_t sum, uint32_t x, int32_t weight) {
    return sum + x * (uint32_t)weight;
}

#if !defined(__arm__) /* edge_dot_core_s8_packed.S */
void edge_dot_s8_packed(const uint32_t *x, const int8_t *w, uint32_t n, uint32_t pairs, uint32_t *sums) {
    uint32_t start = EDGE_PACKED_FIELDS;
    EDGE_KEEP(start);
    for (; pairs > 0; pairs--, sums += 4) {
        uint32_t all0 = 0, upper0 = 0, all1 = 0, upper1 = 0;
        const int8_t *w1 = w + n;
        const uint32_t *at = x;
        for (const int8_t *end = w1; w != end; at += 4, w += 4, w1 += 4) {
            uint32_t s = step(start, at[0], w[0]);
            uint32_t t = step(start, at[0], w1[0]);
            s = step(s, at[1], w[1]);
            t = step(t, at[1], w1[1]);
            s = step(s, at[2], w[2]);
            t = step(t, at[2], w1[2]);
            s = step(s, at[3], w[3]);
            t = step(t, at[3], w1[3]);
            all0 += s;
            upper0 += s >> 16;
            all1 += t;
            upper1 += t >> 16;
        }
        w = w1;
        sums[0] = all0;
        sums[1] = upper0;
        sums[2] = all1;
        sums[3] = upper1;
    }
}
#endif

#if !defined(edge_dot_s8_packed_one)
#define STEP(i)                                                                                                        \
    {                                                                                                                  \
        const uint32_t e = EDGE_TAKE(at, i);                                                                           \
        a = step(a, e, EDGE_TAKE(w0, i));                                                                              \
        b = step(b, e, EDGE_TAKE(w1, i));                                                                              \
        c = step(c, e, EDGE_TAKE(w2, i));                                                                              \
        d = step(d, e, EDGE_TAKE(w3, i));                                                                              \
        EDGE_KEEP(a);                                                                                                  \
        EDGE_KEEP(b);                                                                                                  \
        EDGE_KEEP(c);                                                                                                  \
        EDGE_KEEP(d);                                                                                                  \
        EDGE_KEEP(at);                                                                                                 \
        EDGE_KEEP(w0);                                                                                                 \
        EDGE_KEEP(w1);                                                                                                 \
        EDGE_KEEP(w2);                                                                                                 \
        EDGE_KEEP(w3);                                                                                                 \
    }

/* Four channels share an element's load; the last two of an odd number of pairs are computed twice. */
void edge_dot_s8_packed_one(const uint32_t *x, const int8_t *w, uint32_t n, uint32_t pairs, uint32_t *sums) {
    const uint32_t start = n / EDGE_PACKED_GROUP * EDGE_PACKED_FIELD;
    for (;;) {
        const uint32_t rest = pairs == 1 ? 0 : 2 * n;
        const int8_t *w0 = w, *w1 = w + n, *w2 = w0 + rest, *w3 = w1 + rest;
        const uint32_t *at = x;
        uint32_t a = start, b = start, c = start, d = start;
        for (const uint32_t *end = x + n; at != end;) {
            STEP(0)
            STEP(1)
            STEP(2)
            STEP(3)
            EDGE_SKIP(at);
            EDGE_SKIP(w0);
            EDGE_SKIP(w1);
            EDGE_SKIP(w2);
            EDGE_SKIP(w3);
        }
        sums[0] = a;
        sums[1] = 0;
        sums[2] = b;
        sums[3] = 0;
        if (rest == 0) {
            return;
        }
        sums[4] = c;
        sums[5] = 0;
        sums[6] = d;
        sums[7] = 0;
        pairs -= 2;
        if (pairs == 0) {
            return;
        }
        sums += 8;
        w += 4 * n;
    }
}
#undef STEP
#endif
