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
        const uint32_t a = values[pair[0]], b = values[pair[1]];
        values[pair[0]] = edge_larger_bytes(a, b);
        values[pair[1]] = edge_smaller_bytes(a, b);
    }
}

/* The sums of four channels. */
static void weigh(const params *p, const int16_t *weights, const uint32_t *values, int32_t sum[4]) {
    for (uint32_t r = (uint32_t)p->filter_h * p->filter_w; r > 0; r--, values++, weights += 4) {
        uint32_t even, odd;
        memcpy(&even, weights, 4);
        memcpy(&odd, weights + 2, 4);
        const uint32_t low = edge_sxtb16(*values), high = edge_sxtb16_ror8(*values);
        sum[0] = edge_smlabb(low, even, sum[0]);
        sum[2] = edge_smlatt(low, even, sum[2]);
        sum[1] = edge_smlabb(high, odd, sum[1]);
        sum[3] = edge_smlatt(high, odd, sum[3]);
    }
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
    uint32_t *values = scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *rows = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        int32_t x = -(int32_t)p->pad_left;
        for (unsigned o = 0; o < p->out_width; o++, x += p->stride_w, y += out->pitch) {
            for (uint32_t channel = 0; channel < p->channels; channel += 4) {
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
