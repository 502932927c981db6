/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_max_pool_2d_s8_dsp.h"

#include <string.h>

#include "edge_dsp.h"

typedef edge_max_pool_2d_s8_dsp_params params;

/* `n` channels of one output pixel, at `offset` bytes of `height` rows; n is a constant 4, or what the last word has.
 */
static inline __attribute__((always_inline)) void pool(const params *p, int8_t *const *rows, unsigned height,
                                                       unsigned pitch, uint32_t offset, unsigned width, int8_t *out,
                                                       unsigned n) {
    uint32_t most = (uint32_t)(uint8_t)p->low * 0x01010101u;
    for (unsigned r = 0; r < height; r++) {
        const int8_t *source = rows[r] + offset;
        for (unsigned i = 0; i < width; i++, source += pitch) {
            uint32_t word = 0;
            memcpy(&word, source, n);
            most = edge_larger_bytes(most, word);
        }
    }
    most = edge_smaller_bytes(most, (uint32_t)(uint8_t)p->high * 0x01010101u);
    memcpy(out, &most, n);
}

static void pool_last(const params *p, int8_t *const *rows, unsigned height, unsigned pitch, uint32_t offset,
                      unsigned width, int8_t *out) {
    pool(p, rows, height, pitch, offset, width, out, p->channels & 3u);
}

void edge_max_pool_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state) {
    const params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        unsigned from = r * p->stride_h;
        unsigned to = from + p->filter_h;
        from = from < in->valid_from ? in->valid_from : from;
        to = to > in->valid_to ? in->valid_to : to;
        int8_t *const *rows = in->row + from;
        int8_t *y = out->row[r];
        int32_t x = -(int32_t)p->pad_left;
        for (unsigned o = 0; o < p->out_width; o++, x += p->stride_w, y += out->pitch) {
            const int32_t left = x < 0 ? 0 : x;
            const int32_t end = x + p->filter_w;
            const unsigned width = (unsigned)((end > p->in_width ? p->in_width : end) - left);
            const uint32_t offset = (uint32_t)left * in->pitch;
            unsigned c = 0;
            for (; c + 4u <= p->channels; c += 4u) {
                pool(p, rows, to - from, in->pitch, offset + c, width, y + c, 4);
            }
            if (c != p->channels) {
                pool_last(p, rows, to - from, in->pitch, offset + c, width, y + c);
            }
        }
    }
}
