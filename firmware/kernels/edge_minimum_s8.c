/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_minimum_s8.h"

#include "edge_walk.h"

void edge_minimum_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state) {
    const edge_minimum_s8_params p = *(const edge_minimum_s8_params *)op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        edge_walk walk = edge_walk_row(in, out, r, p.width, p.channels, p.steps);
        EDGE_WALK_ELEMENTS(walk, { *to = *a < *b ? *a : *b; })
    }
}
