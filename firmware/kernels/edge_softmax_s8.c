/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_softmax_s8.h"

/* round(a * b / 2^31), ties upward; never both -2^31 here. */
static inline int32_t high_multiply(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

static unsigned leading_zeros(uint32_t x) {
    unsigned n = 0;
    while ((x & 0x80000000u) == 0) {
        x <<= 1;
        n++;
    }
    return n;
}

/* 2^62 / x in effect: 1 / (x * 2^-31) in Q0.31 for x in [2^31, 2^32), saturated below 1. TFLite's three Newton-Raphson
 * steps towards 1 / d in Q2.29 for d = x / 2 in Q0.31, from 48/17 - 32/17 d. */
static int32_t reciprocal(uint32_t x) {
    const int32_t d = (int32_t)(x >> 1);
    int32_t y = 1515870810 + high_multiply(d, -1010580540);
    for (int i = 0; i < 3; i++) {
        const int32_t error = (1 << 29) - high_multiply(d, y); /* |error| <= 2^29 / 17 */
        y += high_multiply(y, error) * 4;                      /* from Q4.27 to Q2.29 */
    }
    return y >= 1 << 30 ? INT32_MAX : y * 2; /* half of 1 / d, from Q2.29 to Q0.31 */
}

static void softmax(const edge_softmax_s8_params *p, const int8_t *src, int8_t *dst) {
    int32_t most = src[0];
    for (uint32_t c = 1; c < p->channels; c++) {
        most = src[c] > most ? src[c] : most;
    }
    uint32_t sum = 0; /* Q12.19; the maximum's own term makes it 2^19 or more */
    for (uint32_t c = 0; c < p->channels; c++) {
        const uint32_t below = (uint32_t)(most - src[c]);
        if (below < p->large) {
            sum += ((uint32_t)p->exponential[below] + (1u << 11)) >> 12;
        } else if (below < p->entries) {
            sum += p->term[below - p->large];
        }
    }
    const unsigned zeros = leading_zeros(sum);
    const int32_t scale = reciprocal(sum << zeros);
    const unsigned right = 35 - zeros; /* 23 to 34: from Q0.31, and the sum's 12 integer bits, to 1/256 */
    for (uint32_t c = 0; c < p->channels; c++) {
        const uint32_t below = (uint32_t)(most - src[c]);
        uint32_t share = 0; /* of what is below 2^22, since right is 23 or more; and of all from 32 on */
        if (below < p->large && right < 32) {
            share = ((uint32_t)high_multiply(scale, p->exponential[below]) + (1u << (right - 1))) >> right;
        }
        dst[c] = (int8_t)((share > 255 ? 255 : (int32_t)share) - 128);
    }
}

void edge_softmax_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state) {
    const edge_softmax_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *src = in->row[r];
        int8_t *dst = out->row[r];
        for (uint32_t x = 0; x < p->width; x++, src += in->pitch, dst += out->pitch) {
            softmax(p, src, dst);
        }
    }
}
