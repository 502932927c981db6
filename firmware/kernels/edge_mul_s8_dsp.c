/* SPDX-License-Identifier: Apache-2.0 */
/* The first scheduling pass spends registers that the loop does not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_mul_s8_dsp.h"

#include "edge_dsp.h"
#include "edge_walk.h"

typedef edge_mul_s8_dsp_params params;

enum { BLOCK = 4 };

#define INLINE static inline __attribute__((always_inline))

INLINE int8_t scaled(const params *p, int32_t product, bool with_step) {
    const int32_t t = product * 256 + p->offset;
    int32_t high = edge_smmla(t, p->factor, p->base);
    if (with_step) {
        high -= (t >> 31) & p->step;
    }
    return (int8_t)EDGE_DSP_SSAT8_ASR(high, EDGE_MUL_SHIFT);
}

/* n elements of one pixel, or of a row without gaps. */
INLINE void multiply(const params *p, const int8_t *a, const int8_t *b, int8_t *to, uint32_t n, bool with_step) {
    const uint32_t a_half = (uint32_t)p->a_offset & 0xffffu, b_half = (uint32_t)p->b_offset & 0xffffu;
    const uint32_t a_offset = a_half << 16 | a_half, b_offset = b_half << 16 | b_half;
    for (; n >= BLOCK; n -= BLOCK, a += BLOCK, b += BLOCK, to += BLOCK) {
        const uint32_t four = edge_load_word(a), others = edge_load_word(b);
        const uint32_t even = edge_sxtab16(a_offset, four), odd = edge_sxtab16_ror8(a_offset, four);
        const uint32_t even_b = edge_sxtab16(b_offset, others), odd_b = edge_sxtab16_ror8(b_offset, others);
        to[0] = scaled(p, edge_smlabb(even, even_b, 0), with_step);
        to[1] = scaled(p, edge_smlabb(odd, odd_b, 0), with_step);
        to[2] = scaled(p, edge_smlatt(even, even_b, 0), with_step);
        to[3] = scaled(p, edge_smlatt(odd, odd_b, 0), with_step);
    }
    for (; n != 0; n--) {
        *to++ = scaled(p, (*a++ + p->a_offset) * (*b++ + p->b_offset), with_step);
    }
}

void edge_mul_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state) {
    const params p = *(const params *)op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        edge_walk walk = edge_walk_row(in, out, r, p.width, p.channels, p.steps);
        for (uint32_t pixel = walk.pixels; pixel > 0; pixel--) {
            if (p.step == 0) {
                multiply(&p, walk.a, walk.b, walk.out, walk.channels, false);
            } else {
                multiply(&p, walk.a, walk.b, walk.out, walk.channels, true);
            }
            walk.a += walk.a_pixel + (int32_t)walk.channels;
            walk.b += walk.b_pixel + (int32_t)walk.channels;
            walk.out += out->pitch;
        }
    }
}
