/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_split_s8.h"

#include "edge_copy.h"

void edge_split_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                   void *state) {
    const edge_split_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    (void)span;
    unsigned offset = 0;
    for (unsigned k = 0; k < op->outputs; k++) {
        for (unsigned r = out[k].valid_from; r < out[k].valid_to; r++) {
            edge_copy_block(out[k].row[r], out[k].pitch, in->row[r] + offset, in->pitch, p->width, p->channels);
        }
        offset += (unsigned)p->x_step * in->pitch + p->c_step;
    }
}
