/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_ordinal_pool_s8.h"

#include "edge_requantize.h"

typedef edge_ordinal_pool_s8_params params;

/* The window whose first column is x, of one channel. Columns outside the frame hold the zero point. */
static void gather(const params *p, int8_t *const *rows, uint32_t pitch, int32_t x, uint32_t channel, int8_t *values) {
    for (unsigned r = 0; r < p->filter_h; r++) {
        for (int32_t column = x; column < x + p->filter_w; column++) {
            const bool inside = column >= 0 && column < p->in_width;
            *values++ = inside ? rows[r][(uint32_t)column * pitch + channel] : p->in_zero_point;
        }
    }
}

static void sort(const params *p, int8_t *values) {
    const uint8_t *pair = p->exchanges;
    for (unsigned n = p->exchange_count; n > 0; n--, pair += 2) {
        const int8_t a = values[pair[0]], b = values[pair[1]];
        values[pair[0]] = a > b ? a : b;
        values[pair[1]] = a > b ? b : a;
    }
}

static int8_t weigh(const params *p, uint32_t channel, const int8_t *values) {
    const uint32_t ranks = (uint32_t)p->filter_h * p->filter_w;
    const int16_t *weights = p->weights + channel * ranks;
    int32_t sum = p->multiplier == NULL ? 128 : p->bias[channel];
    for (uint32_t r = 0; r < ranks; r++) {
        sum += weights[r] * values[r];
    }
    if (p->multiplier == NULL) {
        return (int8_t)(sum >> 8);
    }
    const int32_t scaled = edge_requantize(sum, p->multiplier[channel], -p->right[channel]);
    return edge_clamp_s8(scaled + p->zero_point, -128, 127);
}

void edge_ordinal_pool_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                          void *state) {
    const params *p = op->params;
    int8_t *values = scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *rows = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        int32_t x = -(int32_t)p->pad_left;
        for (unsigned o = 0; o < p->out_width; o++, x += p->stride_w, y += out->pitch) {
            for (uint32_t channel = 0; channel < p->channels; channel++) {
                gather(p, rows, in->pitch, x, channel, values);
                sort(p, values);
                y[channel] = weigh(p, channel, values);
            }
        }
    }
}
