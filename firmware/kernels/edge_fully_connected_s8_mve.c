/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_fully_connected_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)

void edge_fully_connected_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                 void *scratch, void *state) {
    const edge_fully_connected_s8_mve_params *p = op->params;
    (void)scratch;
    (void)state;
    /* Rows of the map may begin in the middle of an item row: in->y says which row in->row[0] is. */
    uint32_t index = (uint32_t)span.y * p->width;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *y = out->row[r];
        for (unsigned i = 0; i < p->width; i++, index++, y += out->pitch) {
            const int8_t *row = in->row[index / p->row_items - (uint32_t)in->y];
            edge_dot_core_s8_mve(row + (index % p->row_items) * in->pitch, y, &p->dot);
        }
    }
}

#endif
