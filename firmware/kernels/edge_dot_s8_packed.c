/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_dot_s8_packed.h"

#include "edge_dot_s8.h"

#if !defined(__arm__) /* edge_dot_core_s8_packed.S */
/* One element by one channel: as the weight is int8, the product modulo 2^32 holds both products. */
static inline uint32_t step(uint32_t sum, uint32_t x, int32_t weight) {
    return sum + x * (uint32_t)weight;
}

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
