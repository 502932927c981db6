/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_global_average_pool_2d_s8_dsp.h"

#include "edge_divide.h"
#include "edge_requantize.h"
#include "edge_sum4_dsp.h"

/* Adds a row's pixels to the sums of `n` channels; n is a constant 4, or what the last word has. */
static inline __attribute__((always_inline)) void add(int32_t *sums, const int8_t *row, unsigned pitch, unsigned width,
                                                      unsigned n) {
    int32_t part[4];
    edge_sum4_dsp_get(edge_sum4_dsp_add((edge_sum4_dsp){0, 0}, row, pitch, width, n), part);
    for (unsigned i = 0; i < n; i++) {
        sums[i] += part[i];
    }
}

static void add_last(int32_t *sums, const int8_t *row, unsigned pitch, unsigned width, unsigned n) {
    add(sums, row, pitch, width, n);
}

void edge_global_average_pool_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                        void *scratch, void *state) {
    const edge_global_average_pool_2d_s8_dsp_params *p = op->params;
    int32_t *sums = state;
    (void)scratch;
    if (span.y == 0) {
        memset(sums, 0, p->channels * sizeof *sums);
    }
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *row = in->row[r];
        unsigned c = 0;
        for (; c + 4u <= p->channels; c += 4u) {
            add(sums + c, row + c, in->pitch, p->width, 4);
        }
        if (c != p->channels) {
            add_last(sums + c, row + c, in->pitch, p->width, p->channels - c);
        }
    }
    if ((unsigned)span.y + span.rows < op->frame_rows) {
        return;
    }
    const edge_divisor n = edge_make_divisor(p->count);
    for (unsigned c = 0; c < p->channels; c++) {
        out->row[0][c] = edge_clamp_s8(edge_divide_rounded(sums[c], n), p->low, p->high);
    }
}
