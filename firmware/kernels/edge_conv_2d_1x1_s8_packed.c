/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_1x1_s8_packed.h"

#include "edge_dot_s8_packed.h"

static void pack(const int8_t *x0, const int8_t *x1, uint32_t n, uint32_t *words) {
    const uint32_t *fours = words + (n & ~3u), *end = words + n;
    for (; words != fours; words += 4, x0 += 4, x1 += 4) {
        words[0] = edge_pack(x0[0], x1[0]);
        words[1] = edge_pack(x0[1], x1[1]);
        words[2] = edge_pack(x0[2], x1[2]);
        words[3] = edge_pack(x0[3], x1[3]);
    }
    while (words != end) {
        *words++ = edge_pack(*x0++, *x1++);
    }
}

void edge_conv_2d_1x1_s8_packed(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                void *scratch, void *state) {
    const edge_conv_2d_1x1_s8_packed_params *p = op->params;
    (void)state;
    const uint32_t step = (uint32_t)p->stride_w * in->pitch;
    const uint32_t channels = p->in_channels;
    uint32_t *words = scratch;
    for (uint32_t i = channels; i < p->gemm.depth; i++) {
        words[i] = 0;
    }
    const int8_t *waiting_x = NULL; /* a pixel whose partner is still to come */
    int8_t *waiting_y = NULL;
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *x = in->row[r * p->stride_h];
        int8_t *y = out->row[r];
        const bool last = r + 1 == span.rows;
        for (unsigned i = p->width; i > 0; i--, x += step, y += out->pitch) {
            if (waiting_x == NULL) {
                waiting_x = x;
                waiting_y = y;
                if (!last || i > 1) {
                    continue;
                }
            }
            if (y == waiting_y) {
                for (uint32_t k = 0; k < channels; k++) {
                    words[k] = edge_pack(x[k], 0);
                }
            } else {
                pack(waiting_x, x, channels, words);
            }
            edge_gemm_s8_packed_pair(&p->gemm, words, waiting_y, y);
            waiting_x = NULL;
        }
    }
}
