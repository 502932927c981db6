/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_max_pool_2d_s8.h"

#include "edge_requantize.h"

static inline int32_t larger(int32_t a, int32_t b) {
    return a > b ? a : b;
}

/* One output pixel from `height` rows, columns [x, x + width). */
static void pool_pixel(const edge_max_pool_2d_s8_params *p, int8_t *const *rows, unsigned height, unsigned pitch,
                       unsigned x, unsigned width, int8_t *dst) {
    unsigned c = 0;
    for (; c + 4u <= p->channels; c += 4u) { /* four maxima in registers */
        int32_t a0 = p->low, a1 = p->low, a2 = p->low, a3 = p->low;
        for (unsigned r = 0; r < height; r++) {
            const int8_t *src = rows[r] + x * pitch + c;
            for (unsigned i = 0; i < width; i++, src += pitch) {
                a0 = larger(a0, src[0]);
                a1 = larger(a1, src[1]);
                a2 = larger(a2, src[2]);
                a3 = larger(a3, src[3]);
            }
        }
        dst[c] = edge_clamp_s8(a0, p->low, p->high);
        dst[c + 1] = edge_clamp_s8(a1, p->low, p->high);
        dst[c + 2] = edge_clamp_s8(a2, p->low, p->high);
        dst[c + 3] = edge_clamp_s8(a3, p->low, p->high);
    }
    for (; c < p->channels; c++) {
        int32_t a = p->low;
        for (unsigned r = 0; r < height; r++) {
            const int8_t *src = rows[r] + x * pitch + c;
            for (unsigned i = 0; i < width; i++, src += pitch) {
                a = larger(a, *src);
            }
        }
        dst[c] = edge_clamp_s8(a, p->low, p->high);
    }
}

void edge_max_pool_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_max_pool_2d_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        unsigned from = r * p->stride_h;
        unsigned to = from + p->filter_h;
        from = from < in->valid_from ? in->valid_from : from;
        to = to > in->valid_to ? in->valid_to : to;
        int8_t *dst = out->row[r];
        int32_t x = -(int32_t)p->pad_left;
        for (unsigned o = 0; o < p->out_width; o++, x += p->stride_w, dst += out->pitch) {
            const int32_t left = x < 0 ? 0 : x;
            const int32_t end = x + p->filter_w;
            const unsigned width = (unsigned)((end > p->in_width ? p->in_width : end) - left);
            pool_pixel(p, in->row + from, to - from, in->pitch, (unsigned)left, width, dst);
        }
    }
}
