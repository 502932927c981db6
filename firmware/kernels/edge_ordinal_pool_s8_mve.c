/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_ordinal_pool_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)

#include <arm_mve.h>

typedef edge_ordinal_pool_s8_mve_params params;

enum { LANES = 16 };

/* The window whose first column is x, of the channels from `offset` on that `some` lets through. Columns outside the
 * frame hold the zero point. */
static void gather(const params *p, int8_t *const *rows, uint32_t pitch, int32_t x, uint32_t offset, mve_pred16_t some,
                   int8_t *values) {
    const int8x16_t outside = vdupq_n_s8(p->in_zero_point);
    for (unsigned r = 0; r < p->filter_h; r++) {
        for (int32_t column = x; column < x + p->filter_w; column++, values += LANES) {
            const bool inside = column >= 0 && column < p->in_width;
            vstrbq_s8(values, inside ? vldrbq_z_s8(rows[r] + (uint32_t)column * pitch + offset, some) : outside);
        }
    }
}

static void sort(const params *p, int8_t *values) {
    const uint8_t *pair = p->exchanges;
    for (unsigned n = p->exchange_count; n > 0; n--, pair += 2) {
        int8_t *first = values + LANES * pair[0], *second = values + LANES * pair[1];
        const int8x16_t a = vldrbq_s8(first), b = vldrbq_s8(second);
        vstrbq_s8(first, vmaxq_s8(a, b));
        vstrbq_s8(second, vminq_s8(a, b));
    }
}

/* (128 + sum of weight * value) >> 8. Partial sums may leave 16 bits, modulo 2^16; the whole is in [-32640, 32640]. */
static int8x16_t weigh(const params *p, const int16_t *weights, const int8_t *values) {
    int16x8_t even = vdupq_n_s16(128), odd = even;
    for (uint32_t r = (uint32_t)p->filter_h * p->filter_w; r > 0; r--, values += LANES, weights += LANES) {
        const int8x16_t value = vldrbq_s8(values);
        even = vaddq_s16(even, vmulq_s16(vmovlbq_s8(value), vldrhq_s16(weights)));
        odd = vaddq_s16(odd, vmulq_s16(vmovltq_s8(value), vldrhq_s16(weights + LANES / 2)));
    }
    const int8x16_t low = vreinterpretq_s8_s16(vshrq_n_s16(even, 8));
    return vmovntq_s16(low, vshrq_n_s16(odd, 8));
}

void edge_ordinal_pool_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                              void *scratch, void *state) {
    const params *p = op->params;
    const uint32_t ranks = (uint32_t)p->filter_h * p->filter_w;
    int8_t *values = scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *rows = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        int32_t x = -(int32_t)p->pad_left;
        for (unsigned o = 0; o < p->out_width; o++, x += p->stride_w, y += out->pitch) {
            for (uint32_t channel = 0; channel < p->channels; channel += LANES) {
                const mve_pred16_t some = vctp8q(p->channels - channel);
                gather(p, rows, in->pitch, x, channel, some, values);
                sort(p, values);
                vstrbq_p_s8(y + channel, weigh(p, p->weights + channel * ranks, values), some);
            }
        }
    }
}

#endif
