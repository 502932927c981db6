/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_dot_s8_packed.h"

#include "edge_dot_s8.h"

#if !defined(__arm__) /* edge_dot_core_s8_packed.S */
/* One element by one channel: as the weight is int8, the product modulo 2^32 holds both products. */
static inline uint32_t step(uint32_t sum, uint32_t x, int32_t weight) {
    return sum + x * (uint32_t)weight;
}

void edge_dot_s8_packed(const uint32_t *x, const int8_t *w0, const int8_t *w1, uint32_t n, uint32_t sums[4]) {
    uint32_t all0 = 0, upper0 = 0, all1 = 0, upper1 = 0;
    uint32_t start = EDGE_PACKED_FIELD * 0x10001u;
    EDGE_KEEP(start);
    for (const uint32_t *end = x + n; x != end; x += 4, w0 += 4, w1 += 4) {
        uint32_t s = step(start, x[0], w0[0]);
        uint32_t t = step(start, x[0], w1[0]);
        s = step(s, x[1], w0[1]);
        t = step(t, x[1], w1[1]);
        s = step(s, x[2], w0[2]);
        t = step(t, x[2], w1[2]);
        s = step(s, x[3], w0[3]);
        t = step(t, x[3], w1[3]);
        all0 += s;
        upper0 += s >> 16;
        all1 += t;
        upper1 += t >> 16;
    }
    sums[0] = all0;
    sums[1] = upper0;
    sums[2] = all1;
    sums[3] = upper1;
}
#endif
