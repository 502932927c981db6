/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_lookup_s8.h"

void edge_lookup_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                    void *state) {
    const edge_lookup_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const uint8_t *src = (const uint8_t *)in->row[r];
        int8_t *dst = out->row[r];
        for (unsigned x = 0; x < p->width; x++, src += in->pitch, dst += out->pitch) {
            for (unsigned c = 0; c < p->channels; c++) {
                dst[c] = p->table[src[c]];
            }
        }
    }
}
