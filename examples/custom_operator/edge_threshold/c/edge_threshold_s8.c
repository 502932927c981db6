/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_threshold_s8.h"

void edge_threshold_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                       void *state) {
    const edge_threshold_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *x = in->row[r];
        int8_t *y = out->row[r];
        for (unsigned pixel = 0; pixel < p->width; pixel++, x += in->pitch, y += out->pitch) {
            for (unsigned c = 0; c < p->channels; c++) {
                y[c] = x[c] >= p->least ? x[c] : p->zero_point;
            }
        }
    }
}
