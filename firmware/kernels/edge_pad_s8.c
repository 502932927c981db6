/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_pad_s8.h"

#include "edge_copy.h"

/* The input row of the frame that output row y holds, -1 for a row of padding. */
static int32_t source_row(const edge_pad_s8_params *p, int32_t y) {
    int32_t row = 0, stride = 1;
    for (unsigned k = p->row_axes; k-- > 0;) {
        int32_t digit = y;
        if (k > 0) { /* the outermost digit is what is left: no division */
            y = digit / p->padded[k];
            digit -= y * p->padded[k];
        }
        digit -= p->before[k];
        if (digit < 0 || digit >= p->sizes[k]) {
            return -1;
        }
        row += digit * stride;
        stride *= p->sizes[k];
    }
    return row;
}

void edge_pad_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                 void *state) {
    const edge_pad_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *dst = out->row[r];
        edge_fill_block(dst, out->pitch, p->value, p->out_width, p->out_channels);
        const int32_t row = source_row(p, (int32_t)(span.y + r));
        if (row >= 0) {
            edge_copy_block(dst + (unsigned)p->x_before * out->pitch + p->c_before, out->pitch, in->row[row - in->y],
                            in->pitch, p->in_width, p->in_channels);
        }
    }
}
