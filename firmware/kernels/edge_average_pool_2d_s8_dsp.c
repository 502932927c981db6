/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_average_pool_2d_s8_dsp.h"

#include "edge_divide.h"
#include "edge_requantize.h"
#include "edge_sum4_dsp.h"

typedef edge_average_pool_2d_s8_dsp_params params;

/* `n` channels of one output pixel, at `offset` bytes of `height` rows; n is a constant 4, or what the last word has.
 */
static inline __attribute__((always_inline)) void pool(const params *p, int8_t *const *rows, unsigned height,
                                                       unsigned pitch, uint32_t offset, unsigned width,
                                                       edge_divisor count, int8_t *out, unsigned n) {
    edge_sum4_dsp sum = {0, 0};
    for (unsigned r = 0; r < height; r++) {
        sum = edge_sum4_dsp_add(sum, rows[r] + offset, pitch, width, n);
    }
    int32_t sums[4];
    edge_sum4_dsp_get(sum, sums);
    for (unsigned i = 0; i < n; i++) {
        out[i] = edge_clamp_s8(edge_divide_rounded(sums[i], count), p->low, p->high);
    }
}

static void pool_last(const params *p, int8_t *const *rows, unsigned height, unsigned pitch, uint32_t offset,
                      unsigned width, edge_divisor count, int8_t *out) {
    pool(p, rows, height, pitch, offset, width, count, out, p->channels & 3u);
}

void edge_average_pool_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                 void *scratch, void *state) {
    const params *p = op->params;
    (void)scratch;
    (void)state;
    edge_divisor count = edge_make_divisor(1);
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
            if ((to - from) * width != count.n) { /* only where the window leaves the map */
                count = edge_make_divisor((to - from) * width);
            }
            unsigned c = 0;
            for (; c + 4u <= p->channels; c += 4u) {
                pool(p, rows, to - from, in->pitch, offset + c, width, count, y + c, 4);
            }
            if (c != p->channels) {
                pool_last(p, rows, to - from, in->pitch, offset + c, width, count, y + c);
            }
        }
    }
}
