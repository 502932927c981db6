/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_concatenation_s8.h"

#include "edge_copy.h"

void edge_concatenation_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                           void *state) {
    const edge_concatenation_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    (void)span;
    for (unsigned k = 0; k < op->inputs; k++) {
        const unsigned offset = (unsigned)p->x_offsets[k] * out->pitch + (unsigned)p->c_offsets[k];
        for (unsigned r = in[k].valid_from; r < in[k].valid_to; r++) {
            edge_copy_block(out->row[r] + offset, out->pitch, in[k].row[r], in[k].pitch, (unsigned)p->widths[k],
                            (unsigned)p->channels[k]);
        }
    }
}
