/* SPDX-License-Identifier: Apache-2.0 */
/* The first scheduling pass spends registers that the loop does not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_add_linear_s8_dsp.h"

#include "edge_dot_s8.h"
#include "edge_dsp.h"
#include "edge_walk.h"

enum { BLOCK = 8, WHOLE = EDGE_WALK_ROW | EDGE_WALK_PIXEL | EDGE_WALK_CHANNEL };

/* The barrier keeps the compiler from adding the constant last, which takes an instruction more. */
#define ELEMENT(i)                                                                                                     \
    do {                                                                                                               \
        int32_t sum = b[i] * p->b_factor + p->constant;                                                                \
        EDGE_KEEP(sum);                                                                                                \
        sum += a[i] * p->a_factor;                                                                                     \
        to[i] = (int8_t)EDGE_DSP_SSAT8_ASR(sum, EDGE_ADD_SHIFT);                                                       \
    } while (0)

/* n elements of one pixel, or of a row without gaps. */
static inline void add(const edge_add_linear_s8_dsp_params *p, const int8_t *a, const int8_t *b, int8_t *to,
                       uint32_t n) {
    const int8_t *const end = to + (n & ~(BLOCK - 1u));
    for (; to != end; a += BLOCK, b += BLOCK, to += BLOCK) {
        ELEMENT(0);
        ELEMENT(1);
        ELEMENT(2);
        ELEMENT(3);
        ELEMENT(4);
        ELEMENT(5);
        ELEMENT(6);
        ELEMENT(7);
    }
    for (n &= BLOCK - 1u; n != 0; n--) {
        ELEMENT(0);
        a++;
        b++;
        to++;
    }
}

void edge_add_linear_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state) {
    const edge_add_linear_s8_dsp_params p = *(const edge_add_linear_s8_dsp_params *)op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        edge_walk walk = edge_walk_row(in, out, r, p.width, p.channels, WHOLE | WHOLE << EDGE_WALK_B);
        for (uint32_t pixel = walk.pixels; pixel > 0; pixel--) {
            add(&p, walk.a, walk.b, walk.out, walk.channels);
            walk.a += in[0].pitch;
            walk.b += in[1].pitch;
            walk.out += out->pitch;
        }
    }
}
