/* SPDX-License-Identifier: Apache-2.0 */
/* The first scheduling pass spends registers that the loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_depthwise_conv_2d_s8_dsp.h"
#include "edge_depthwise_requantize_dsp.h"

typedef edge_depthwise_conv_2d_s8_dsp_params params;

/* Sums of channels 0 and 2, and of 1 and 3. */
typedef struct sums {
    int32_t s0, s1, s2, s3;
} sums;

static inline __attribute__((always_inline)) uint32_t load(const int8_t *p, uint32_t channels) {
    uint32_t word = 0;
    memcpy(&word, p, channels);
    return word;
}

/* n taps of one row; `channels` is a constant 4, or what a map of fewer has. */
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

/* Where a window's taps inside the map begin. */
typedef struct window {
    int32_t from, to; /* the first output's columns */
    int8_t *const *row;
    uint32_t rows, columns;
    uint32_t row_step;    /* rows from one tap to the next */
    uint32_t column_step; /* bytes from one tap to the next */
    uint32_t in_pitch, out_pitch;
    uint32_t channel; /* the word's first */
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
    uint32_t made = (uint8_t)edge_depthwise_requantize(p, c, s.s0);
    if (n > 1) {
        made |= (uint32_t)(uint8_t)edge_depthwise_requantize(p, c + 1, s.s1) << 8;
    }
    if (n > 2) {
        made |= (uint32_t)(uint8_t)edge_depthwise_requantize(p, c + 2, s.s2) << 16;
    }
    if (n > 3) {
        made |= (uint32_t)(uint8_t)edge_depthwise_requantize(p, c + 3, s.s3) << 24;
    }
    return made;
}

static __attribute__((noinline)) uint32_t make_four(const params *p, const window *k, const uint32_t *w, uint32_t at) {
    return make(p, k, w, at, k->channel, 4);
}

static __attribute__((noinline)) uint32_t make_few(const params *p, const window *k, const uint32_t *w, uint32_t at) {
    return make(p, k, w, at, 0, p->channels);
}

/* A word of channels of a row, but for its first `made`, which others made. An output waits in `late` until no later
 * one reads the pixel in its place: it may lie on an input row that dies here. */
static void make_block(const params *p, window *k, const uint32_t *weights, uint32_t made, int8_t *out,
                       uint32_t *late) {
    const bool few = p->channels < 4u;
    const uint32_t n = (few ? p->channels : 4u) - made;
    const int32_t dilation = p->dilation_w;
    int32_t start = -(int32_t)p->pad_left, from = k->from, to = k->to;
    const uint32_t wait = p->pad_left;
    uint32_t slot = 0;
    out += k->channel + made;
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
            late[slot] = (few ? make_few : make_four)(p, k, weights + from, at) >> 8u * made;
            start += p->stride_w;
        }
        slot = slot == wait ? 0 : slot + 1;
        if (x >= wait) {
            uint32_t word = late[slot];
            if (n == 4u) {
                memcpy(out, &word, 4);
            } else {
                for (uint32_t c = 0; c < n; c++, word >>= 8) {
                    out[c] = (int8_t)word;
                }
            }
            out += k->out_pitch;
        }
    }
}

void edge_depthwise_pixels_s8_dsp(const params *p, const edge_depthwise_window *in, int8_t *out, uint32_t out_pitch,
                                  void *scratch) {
    const uint32_t taps_of_four = (uint32_t)p->kernel_h * p->kernel_w;
    const uint32_t half = (uint32_t)p->in_offset & 0xffffu;
    const edge_taps horizontal = edge_taps_inside(-(int32_t)p->pad_left, p->dilation_w, p->kernel_w, 0, p->in_width);
    window k = {.from = horizontal.from,
                .to = horizontal.to,
                .row = in->row,
                .rows = in->rows,
                .row_step = p->dilation_h,
                .column_step = (uint32_t)p->dilation_w * in->pitch,
                .in_pitch = in->pitch,
                .out_pitch = out_pitch,
                .offset = half << 16 | half};
    const uint32_t *w = (const uint32_t *)p->weights + in->first_tap * p->kernel_w;
    for (uint32_t made = 0; made < p->channels; made += 4u, w += taps_of_four) {
        k.channel = made + 4u <= p->channels || made == 0 ? made : p->channels - 4u;
        make_block(p, &k, w, made - k.channel, out, scratch);
    }
}
