/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_resize_nearest_neighbor_s8.h"

#include <string.h>

void edge_resize_nearest_neighbor_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                     void *scratch, void *state) {
    const edge_resize_nearest_neighbor_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *src = in->row[p->rows[span.y + r] - in->y];
        int8_t *dst = out->row[r];
        for (unsigned x = 0; x < p->out_width; x++, dst += out->pitch) {
            memcpy(dst, src + (unsigned)p->columns[x] * in->pitch, p->channels);
        }
    }
}
