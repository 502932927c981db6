/* SPDX-License-Identifier: Apache-2.0 */
/* As in edge_gemm_s8.c: the first scheduling pass spends registers that the loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif
#include "edge_dot_fours_s8_packed.h"

#include <stdbool.h>

#include "edge_dot_s8.h"

#if !defined(__thumb2__) /* edge_dot_fours_core_s8_packed.S */

/* Two channels of a group. */
#define PAIR(all, upper, at)                                                                                           \
    {                                                                                                                  \
        uint32_t s = first;                                                                                            \
        const uint32_t even = (at)[0], odd = (at)[1];                                                                  \
        s += (even & mask) * x0;                                                                                       \
        s += (even >> 8 & mask) * x1;                                                                                  \
        s += (odd & mask) * x2;                                                                                        \
        s += (odd >> 8 & mask) * x3;                                                                                   \
        EDGE_KEEP(s);                                                                                                  \
        all += s;                                                                                                      \
        upper += s >> 16;                                                                                              \
        EDGE_KEEP(all);                                                                                                \
        EDGE_KEEP(upper);                                                                                              \
    }

/* Four channels or eight; the weights of the other four begin at v. */
static inline __attribute__((always_inline)) void add(const edge_wide_group *x, const uint32_t *w, const uint32_t *v,
                                                      uint32_t n, bool both, edge_pair_sums *sums) {
    uint32_t all0 = sums[0].all, upper0 = sums[0].upper, all1 = sums[1].all, upper1 = sums[1].upper;
    uint32_t all2 = 0, upper2 = 0, all3 = 0, upper3 = 0;
    if (both) {
        all2 = sums[2].all, upper2 = sums[2].upper, all3 = sums[3].all, upper3 = sums[3].upper;
    }
    uint32_t mask = 0x00ff00ff;
    EDGE_KEEP(mask);
    for (const edge_wide_group *end = x + n; x != end; x++) {
        const uint32_t first = x->start;
        const uint32_t x0 = (uint32_t)x->x[0], x1 = (uint32_t)x->x[1], x2 = (uint32_t)x->x[2], x3 = (uint32_t)x->x[3];
        PAIR(all0, upper0, w)
        PAIR(all1, upper1, w + 2)
        w += 4;
        if (both) {
            PAIR(all2, upper2, v)
            PAIR(all3, upper3, v + 2)
            v += 4;
        }
    }
    sums[0] = (edge_pair_sums){all0, upper0};
    sums[1] = (edge_pair_sums){all1, upper1};
    if (both) {
        sums[2] = (edge_pair_sums){all2, upper2};
        sums[3] = (edge_pair_sums){all3, upper3};
    }
}
#undef PAIR

void edge_dot_fours_s8_packed(const edge_wide_group *x, const uint32_t *w, uint32_t n, uint32_t pairs,
                              edge_pair_sums *sums, uint32_t apart) {
    const uint32_t words = apart / 4;
#if !defined(__arm__) /* which has no registers for eight channels */
    for (; pairs >= 4; pairs -= 4, sums += 4, w += 2 * words) {
        add(x, w, w + words, n, true, sums);
    }
#endif
    for (; pairs > 0; pairs -= 2, sums += 2, w += words) {
        add(x, w, w, n, false, sums);
    }
}
#endif
