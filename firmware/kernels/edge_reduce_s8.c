/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_reduce_s8.h"

#include <string.h>

#include "edge_requantize.h"
#include "edge_sum_row_s8.h"

/* First output element that row y of the frame adds to. */
static uint32_t row_element(const edge_reduce_s8_params *p, uint32_t y) {
    uint32_t element = 0;
    for (unsigned k = p->row_axes; k-- > 0;) {
        uint32_t digit = y;
        if (k > 0) { /* the outermost digit is what is left: no division */
            const uint32_t size = (uint32_t)p->row_sizes[k];
            y = digit / size;
            digit -= y * size;
        }
        element += digit * (uint32_t)p->row_steps[k];
    }
    return element;
}

static void add_row(const edge_reduce_s8_params *p, const int8_t *row, unsigned pitch, int32_t *sums) {
    if (p->x_step == 0 && p->c_step == 1) {
        edge_sum_row_s8(row, pitch, p->width, p->channels, sums);
        return;
    }
    for (unsigned x = 0; x < p->width; x++, row += pitch, sums += p->x_step) {
        if (p->c_step == 0) {
            int32_t sum = 0;
            for (unsigned c = 0; c < p->channels; c++) {
                sum += row[c];
            }
            sums[0] += sum;
        } else {
            for (unsigned c = 0; c < p->channels; c++) {
                sums[c] += row[c];
            }
        }
    }
}

void edge_reduce_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                    void *state) {
    const edge_reduce_s8_params *p = op->params;
    int32_t *sums = state;
    (void)scratch;
    if (span.y == 0) {
        memset(sums, 0, p->elements * sizeof *sums);
    }
    for (unsigned r = 0; r < span.rows; r++) {
        add_row(p, in->row[r], in->pitch, sums + row_element(p, (uint32_t)span.y + r));
    }
    if ((unsigned)span.y + span.rows < op->frame_rows) {
        return;
    }
    for (unsigned r = 0; r < out->count; r++) {
        int8_t *dst = out->row[r];
        for (unsigned x = 0; x < p->out_width; x++, dst += out->pitch) {
            for (unsigned c = 0; c < p->out_channels; c++) {
                const int32_t value = edge_requantize(*sums++ + p->offset, p->multiplier, p->shift);
                dst[c] = edge_clamp_s8(value + p->zero_point, -128, 127);
            }
        }
    }
}
