/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_cross_channel_pool_s8.h"

#include "edge_divide.h"

static inline int8_t largest(const int8_t *src, unsigned group) {
    int32_t largest = src[0];
    for (unsigned i = 1; i < group; i++) {
        largest = src[i] > largest ? src[i] : largest;
    }
    return (int8_t)largest;
}

static inline int8_t average(const int8_t *src, edge_divisor group) {
    int32_t sum = 0;
    for (unsigned i = 0; i < group.n; i++) {
        sum += src[i];
    }
    return (int8_t)edge_divide_rounded(sum, group);
}

void edge_cross_channel_pool_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                void *scratch, void *state) {
    const edge_cross_channel_pool_s8_params *p = op->params;
    const unsigned width = p->width, channels = p->channels; /* the stores below may alias *p */
    const edge_divisor group = edge_make_divisor(p->group);
    const bool averages = p->average;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *pixel = in->row[r];
        int8_t *to = out->row[r];
        for (unsigned x = 0; x < width; x++, pixel += in->pitch, to += out->pitch) {
            const int8_t *src = pixel;
            for (unsigned c = 0; c < channels; c++, src += group.n) {
                to[c] = averages ? average(src, group) : largest(src, group.n);
            }
        }
    }
}
