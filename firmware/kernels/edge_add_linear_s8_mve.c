/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_add_linear_s8_mve.h"

#include "edge_walk.h"

#if defined(__ARM_FEATURE_MVE)

enum { WHOLE = EDGE_WALK_ROW | EDGE_WALK_PIXEL | EDGE_WALK_CHANNEL };

_Static_assert(EDGE_ADD_SHIFT == 16 + 6, "the two shifts below");

/* n elements of one pixel, or of a row without gaps. In assembly because compilers do not make tail-predicated loops of
 * it. The last shift is one that rounds because GNU as 2.40 makes that of VQSHRN too. */
static inline void add(const edge_add_linear_s8_mve_params *p, const int8_t *a, const int8_t *b, int8_t *to,
                       uint32_t n) {
    __asm__ volatile("vdup.32 q3, %4\n"
                     "wlstp.32 lr, %3, 2f\n"
                     "1: vldrb.s32 q0, [%0], #4\n"
                     "vldrb.s32 q1, [%1], #4\n"
                     "vmlas.s32 q0, q3, %6\n"
                     "vmla.s32 q0, q1, %5\n"
                     "vshr.s32 q0, q0, #16\n"
                     "vqrshrnb.s16 q0, q0, #6\n"
                     "vstrb.32 q0, [%2], #4\n"
                     "letp lr, 1b\n"
                     "2:"
                     : "+l"(a), "+l"(b), "+l"(to)
                     : "r"(n), "r"(p->a_factor), "r"(p->b_factor), "r"(p->constant)
                     : "lr", "d0", "d1", "d2", "d3", "d6", "d7", "memory");
}

void edge_add_linear_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state) {
    const edge_add_linear_s8_mve_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        edge_walk walk = edge_walk_row(in, out, r, p->width, p->channels, WHOLE | WHOLE << EDGE_WALK_B);
        for (uint32_t pixel = walk.pixels; pixel > 0; pixel--) {
            add(p, walk.a, walk.b, walk.out, walk.channels);
            walk.a += in[0].pitch;
            walk.b += in[1].pitch;
            walk.out += out->pitch;
        }
    }
}

#endif
