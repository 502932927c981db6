/* SPDX-License-Identifier: Apache-2.0 */
/* The first scheduling pass spends registers that the loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_depthwise_conv_2d_s8_dsp.h"

#include "edge_dsp.h"
#include "edge_requantize.h"

typedef edge_depthwise_conv_2d_s8_dsp_params params;

enum { SHORT_SHIFT = 10 };

/* Taps [from, to) of one axis lie in the map; tap `from` reads its element `first`. */
typedef struct taps {
    int32_t from, to, first;
} taps;

static taps taps_inside(int32_t start, int32_t dilation, int32_t kernel, int32_t low, int32_t high) {
    int32_t from = 0, to = kernel;
    while (from < to && start + from * dilation < low) {
        from++;
    }
    while (to > from && start + (to - 1) * dilation >= high) {
        to--;
    }
    return (taps){from, to, start + from * dilation};
}

/* Sums of channels 0 and 2, and of 1 and 3. */
typedef struct sums {
    int32_t s0, s1, s2, s3;
} sums;

static inline __attribute__((always_inline)) uint32_t load(const int8_t *p, uint32_t channels) {
    uint32_t word = 0;
    memcpy(&word, p, channels);
    return word;
}

/* n taps of one row; `channels` is a constant 4, or what the last block has. */
static inline __attribute__((always_inline)) sums add_row(sums s, const int8_t *x, uint32_t step, const uint32_t *w,
                                                          uint32_t n, uint32_t offset, uint32_t channels) {
    for (const uint32_t *end = w + n; w != end; w++, x += step) {
        const uint32_t pixel = load(x, channels), weights = *w;
        const uint32_t even = edge_sxtab16(offset, pixel), odd = edge_sxtab16_ror8(offset, pixel);
        const uint32_t even_weights = edge_sxtb16(weights), odd_weights = edge_sxtb16_ror8(weights);
        s.s0 = edge_smlabb(even, even_weights, s.s0);
        s.s2 = edge_smlatt(even, even_weights, s.s2);
        s.s1 = edge_smlabb(odd, odd_weights, s.s1);
        s.s3 = edge_smlatt(odd, odd_weights, s.s3);
    }
    return s;
}

static int8_t requantize_exactly(const params *p, uint32_t c, int32_t sum) {
    const int32_t y = edge_requantize(sum + p->exact_bias[c], p->exact_multiplier[c], -p->exact_right[c]);
    return edge_clamp_s8(y + p->zero_point, p->low, p->high);
}

static inline int8_t requantize(const params *p, const int32_t *scale, uint32_t c, int32_t sum) {
    const int32_t factor = scale[2 * c + 1];
    if (factor == 0) {
        return requantize_exactly(p, c, sum);
    }
    return (int8_t)EDGE_DSP_SSAT8_ASR(edge_smmla(sum * 256 + scale[2 * c], factor, 0), SHORT_SHIFT);
}

/* Where a window's taps inside the map begin. */
typedef struct window {
    int32_t from, to; /* the first output's columns */
    int8_t *const *row;
    uint32_t rows, columns;
    uint32_t row_step;    /* rows from one tap to the next */
    uint32_t column_step; /* bytes from one tap to the next */
    uint32_t in_pitch, out_pitch;
    uint32_t channel; /* the block's first */
    uint32_t offset;  /* minus the zero point, in both halves */
} window;

/* `n` channels from c on of one pixel, in the bytes of a word. The window begins `at` bytes into its rows, w points at
 * its first tap's weights. */
static inline __attribute__((always_inline)) uint32_t make(const params *p, const window *k, const uint32_t *w,
                                                           uint32_t at, uint32_t c, uint32_t n) {
    sums s = {0, 0, 0, 0};
    int8_t *const *row = k->row;
    for (uint32_t i = k->rows; i != 0; i--, row += k->row_step, w += p->kernel_w) {
        s = add_row(s, *row + at, k->column_step, w, k->columns, k->offset, n);
    }
    uint32_t made = (uint8_t)requantize(p, p->scale, c, s.s0);
    if (n > 1) {
        made |= (uint32_t)(uint8_t)requantize(p, p->scale, c + 1, s.s1) << 8;
    }
    if (n > 2) {
        made |= (uint32_t)(uint8_t)requantize(p, p->scale, c + 2, s.s2) << 16;
    }
    if (n > 3) {
        made |= (uint32_t)(uint8_t)requantize(p, p->scale, c + 3, s.s3) << 24;
    }
    return made;
}

static __attribute__((noinline)) uint32_t make_four(const params *p, const window *k, const uint32_t *w, uint32_t at) {
    return make(p, k, w, at, k->channel, 4);
}

static __attribute__((noinline)) uint32_t make_last(const params *p, const window *k, const uint32_t *w, uint32_t at) {
    return make(p, k, w, at, k->channel, p->channels - k->channel);
}

/* Up to four channels of a row. An output waits in `late` until no later one reads the pixel in its place: it may lie
 * on an input row that dies here. */
static void make_block(const params *p, window *k, const uint32_t *weights, int8_t *out, uint32_t *late) {
    const uint32_t left = p->channels - k->channel, n = left < 4u ? left : 4u;
    const int32_t dilation = p->dilation_w;
    int32_t start = -(int32_t)p->pad_left, from = k->from, to = k->to;
    const uint32_t wait = p->pad_left;
    uint32_t slot = 0;
    out += k->channel;
    for (uint32_t x = 0; x < p->out_width + wait; x++) {
        if (x < p->out_width) {
            while (from > 0 && start + (from - 1) * dilation >= 0) {
                from--;
            }
            while (to > from && start + (to - 1) * dilation >= p->in_width) {
                to--;
            }
            k->columns = (uint32_t)(to - from);
            const uint32_t at = (uint32_t)(start + from * dilation) * k->in_pitch + k->channel;
            late[slot] = (n == 4u ? make_four : make_last)(p, k, weights + from, at);
            start += p->stride_w;
        }
        slot = slot == wait ? 0 : slot + 1;
        if (x >= wait) {
            if (n == 4u) {
                memcpy(out, late + slot, 4);
            } else {
                memcpy(out, late + slot, n);
            }
            out += k->out_pitch;
        }
    }
}

void edge_depthwise_conv_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                   void *scratch, void *state) {
    const params *p = op->params;
    (void)state;
    const uint32_t taps_of_four = (uint32_t)p->kernel_h * p->kernel_w;
    const uint32_t half = (uint32_t)p->in_offset & 0xffffu;
    const taps horizontal = taps_inside(-(int32_t)p->pad_left, p->dilation_w, p->kernel_w, 0, p->in_width);
    window k = {.from = horizontal.from,
                .to = horizontal.to,
                .row_step = p->dilation_h,
                .column_step = (uint32_t)p->dilation_w * in->pitch,
                .in_pitch = in->pitch,
                .out_pitch = out->pitch,
                .offset = half << 16 | half};
    for (unsigned r = 0; r < span.rows; r++) {
        const taps vertical =
            taps_inside((int32_t)(r * p->stride_h), p->dilation_h, p->kernel_h, in->valid_from, in->valid_to);
        k.row = in->row + vertical.first;
        k.rows = (uint32_t)(vertical.to - vertical.from);
        const uint32_t *w = p->weights + vertical.from * p->kernel_w;
        for (k.channel = 0; k.channel < p->channels; k.channel += 4u, w += taps_of_four) {
            make_block(p, &k, w, out->row[r], scratch);
        }
    }
}
