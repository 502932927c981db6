/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_lookup_s8.h"

void edge_lookup_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                    void *state) {
    const edge_lookup_s8_params *p = op->params;
    const int8_t *const table = p->table; /* the stores below may alias *p as far as the compiler knows */
    const bool dense = in->pitch == p->channels && out->pitch == p->channels;
    const uint32_t pixels = dense ? 1 : p->width;
    const uint32_t channels = dense ? (uint32_t)p->width * p->channels : p->channels;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const uint8_t *src = (const uint8_t *)in->row[r];
        int8_t *dst = out->row[r];
        for (uint32_t x = 0; x < pixels; x++, src += in->pitch, dst += out->pitch) {
            for (uint32_t c = 0; c < channels; c++) {
                dst[c] = table[src[c]];
            }
        }
    }
}
