/* SPDX-License-Identifier: Apache-2.0 */
/* Small: the work is in the rows. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")
#endif
#include "edge_conv_2d_1x1_s8_dsp.h"

void edge_conv_2d_1x1_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state) {
    edge_conv_2d_s8_dsp_params p = *(const edge_conv_2d_s8_dsp_params *)op->params;
    const edge_op joined = {.params = &p};
    const uint32_t width = p.in_width;
    edge_rows from = *in, to = *out;
    unsigned left = span.rows;
    for (span.rows = 1; left > 0;) {
        unsigned rows = 1;
        while (rows < left && from.row[rows] == from.row[rows - 1] + width * from.pitch &&
               to.row[rows] == to.row[rows - 1] + width * to.pitch) {
            rows++;
        }
        p.in_width = p.out_width = (uint16_t)(rows * width);
        edge_conv_2d_s8_dsp(&joined, &from, &to, span, scratch, state);
        from.row += rows;
        to.row += rows;
        left -= rows;
    }
}
