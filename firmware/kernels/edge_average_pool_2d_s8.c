/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_average_pool_2d_s8.h"

#include "edge_divide.h"
#include "edge_requantize.h"
#include "edge_sum_s8.h"

/* sum in [-128 * n, 127 * n] */
static inline int8_t average(int32_t sum, edge_divisor n, const edge_average_pool_2d_s8_params *p) {
    return edge_clamp_s8(edge_divide_rounded(sum, n), p->low, p->high);
}

/* One output pixel from `height` rows, columns [x, x + width); `aligned` allows four channels at a time. */
static void pool_pixel(const edge_average_pool_2d_s8_params *p, int8_t *const *rows, unsigned height, unsigned pitch,
                       unsigned x, unsigned width, edge_divisor n, int aligned, int8_t *dst) {
    unsigned c = 0;
    if (aligned) {
        for (; c + 4u <= p->channels; c += 4u) {
            edge_sum4 sum = {0, 0};
            for (unsigned r = 0; r < height; r++) {
                sum = edge_sum4_add(sum, rows[r] + x * pitch + c, pitch, width);
            }
            int32_t sums[4];
            edge_sum4_get(sum, n.n, sums);
            for (unsigned i = 0; i < 4; i++) {
                dst[c + i] = average(sums[i], n, p);
            }
        }
    }
    for (; c < p->channels; c++) {
        int32_t sum = 0;
        for (unsigned r = 0; r < height; r++) {
            const int8_t *src = rows[r] + x * pitch + c;
            for (unsigned i = 0; i < width; i++, src += pitch) {
                sum += *src;
            }
        }
        dst[c] = average(sum, n, p);
    }
}

void edge_average_pool_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state) {
    const edge_average_pool_2d_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    edge_divisor n = edge_make_divisor(1);
    for (unsigned r = 0; r < span.rows; r++) {
        unsigned from = r * p->stride_h;
        unsigned to = from + p->filter_h;
        from = from < in->valid_from ? in->valid_from : from;
        to = to > in->valid_to ? in->valid_to : to;
        int aligned = 1;
        for (unsigned i = from; i < to; i++) {
            aligned &= edge_sum4_aligned(in->row[i], in->pitch);
        }
        int8_t *dst = out->row[r];
        int32_t x = -(int32_t)p->pad_left;
        for (unsigned o = 0; o < p->out_width; o++, x += p->stride_w, dst += out->pitch) {
            const int32_t left = x < 0 ? 0 : x;
            const int32_t end = x + p->filter_w;
            const unsigned width = (unsigned)((end > p->in_width ? p->in_width : end) - left);
            const unsigned count = (to - from) * width;
            if (count != n.n) { /* only where the window leaves the map */
                n = edge_make_divisor(count);
            }
            pool_pixel(p, in->row + from, to - from, in->pitch, (unsigned)left, width, n,
                       aligned && count <= EDGE_SUM4_MAX, dst);
        }
    }
}
