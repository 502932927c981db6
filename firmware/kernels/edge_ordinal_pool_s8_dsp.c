/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_ordinal_pool_s8_dsp.h"

#include <string.h>

#include "edge_dsp.h"
#include "edge_requantize.h"

typedef edge_ordinal_pool_s8_dsp_params params;

/* n channels (at most four, from `channel` on) of the window whose first column is x, a word for each element. Columns
 * outside the frame hold the zero point. */
static void gather(const params *p, int8_t *const *rows, uint32_t pitch, int32_t x, uint32_t channel, unsigned n,
                   uint32_t *values) {
    const uint32_t outside = (uint32_t)(uint8_t)p->in_zero_point * 0x01010101u;
    for (unsigned r = 0; r < p->filter_h; r++) {
        const int8_t *row = rows[r] + channel;
        for (int32_t column = x; column < x + p->filter_w; column++, values++) {
            *values = outside;
            if (column >= 0 && column < p->in_width) {
                const int8_t *pixel = row + (uint32_t)column * pitch;
                if (n == 4) {
                    *values = edge_load_word(pixel);
                } else {
                    memcpy(values, pixel, n);
                }
            }
        }
    }
}

static void sort(const params *p, uint32_t *values) {
    const uint8_t *pair = p->exchanges;
    for (unsigned n = p->exchange_count; n > 0; n--, pair += 2) {
        edge_order_bytes(&values[pair[0]], &values[pair[1]]);
    }
}

/* To the sums of four channels what their values of one rank add. */
static inline __attribute__((always_inline)) void add_rank(const int16_t *weights, uint32_t value, int32_t sum[4]) {
    uint32_t even, odd;
    memcpy(&even, weights, 4);
    memcpy(&odd, weights + 2, 4);
    const uint32_t low = edge_sxtb16(value), high = edge_sxtb16_ror8(value);
    sum[0] = edge_smlabb(low, even, sum[0]);
    sum[2] = edge_smlatt(low, even, sum[2]);
    sum[1] = edge_smlabb(high, odd, sum[1]);
    sum[3] = edge_smlatt(high, odd, sum[3]);
}

static void weigh(const params *p, const int16_t *weights, const uint32_t *values, int32_t sum[4]) {
    for (uint32_t r = (uint32_t)p->filter_h * p->filter_w; r > 0; r--, values++, weights += 4) {
        add_rank(weights, *values, sum);
    }
}

/* Four channels of a 2x2 window that lies in the frame, in registers throughout: by the five exchanges of
 * edgesdk.ops.sorting. */
static inline __attribute__((always_inline)) void pool_four(const int8_t *above, const int8_t *below, uint32_t pitch,
                                                            const int16_t *weights, int32_t sum[4]) {
    uint32_t a = edge_load_word(above), b = edge_load_word(above + pitch);
    uint32_t c = edge_load_word(below), d = edge_load_word(below + pitch);
    edge_order_bytes(&a, &c);
    edge_order_bytes(&b, &d);
    edge_order_bytes(&a, &b);
    edge_order_bytes(&c, &d);
    edge_order_bytes(&b, &c);
    add_rank(weights, a, sum);
    add_rank(weights + 4, b, sum);
    add_rank(weights + 8, c, sum);
    add_rank(weights + 12, d, sum);
}

/* The shares of 2x2 windows from column x on in the frame; the number of channels that are done, all but the last few.
 */
static uint32_t pool_shares(const params *p, int8_t *const *rows, uint32_t pitch, uint32_t x, int8_t *y) {
    const int8_t *above = rows[0] + x * pitch, *below = rows[1] + x * pitch;
    const int16_t *weights = p->weights;
    uint32_t channel = 0;
    for (; channel + 4u <= p->channels; channel += 4u, weights += 16) {
        int32_t sum[4] = {128, 128, 128, 128};
        pool_four(above + channel, below + channel, pitch, weights, sum);
        for (unsigned i = 0; i < 4u; i++) {
            y[channel + i] = (int8_t)(sum[i] >> 8);
        }
    }
    return channel;
}

static int8_t output(const params *p, uint32_t channel, int32_t sum) {
    if (p->multiplier == NULL) {
        return (int8_t)((sum + 128) >> 8);
    }
    const int32_t scaled = edge_requantize(sum + p->bias[channel], p->multiplier[channel], -p->right[channel]);
    return edge_clamp_s8(scaled + p->zero_point, -128, 127);
}

void edge_ordinal_pool_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                              void *scratch, void *state) {
    const params *p = op->params;
    const uint32_t ranks = (uint32_t)p->filter_h * p->filter_w;
    const bool small = p->filter_h == 2 && p->filter_w == 2 && p->multiplier == NULL;
    uint32_t *values = scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *rows = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        int32_t x = -(int32_t)p->pad_left;
        for (unsigned o = 0; o < p->out_width; o++, x += p->stride_w, y += out->pitch) {
            const bool inside = small && x >= 0 && x + 2 <= p->in_width;
            uint32_t channel = inside ? pool_shares(p, rows, in->pitch, (uint32_t)x, y) : 0;
            for (; channel < p->channels; channel += 4) {
                const unsigned n = p->channels - channel < 4u ? p->channels - channel : 4u;
                int32_t sum[4] = {0, 0, 0, 0};
                gather(p, rows, in->pitch, x, channel, n, values);
                sort(p, values);
                weigh(p, p->weights + channel * ranks, values, sum);
                for (unsigned i = 0; i < n; i++) {
                    y[channel + i] = output(p, channel + i, sum[i]);
                }
            }
        }
    }
}
