/* SPDX-License-Identifier: Apache-2.0 */
/* The first scheduling pass spends registers that the loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_depthwise_conv_2d_s8_dsp.h"
#include "edge_depthwise_requantize_dsp.h"

typedef edge_depthwise_conv_2d_s8_dsp_params params;

#define INLINE static inline __attribute__((always_inline))

enum { ACROSS = 4 }; /* outputs of a group */

/* Halfwords of one row of a plane: what the last group reads, whether it is there or not. */
static uint32_t plane_width(const params *p) {
    const uint32_t groups = (p->out_width + ACROSS - 1u) / ACROSS;
    return groups * ACROSS * p->stride_w + p->kernel_w + 1u;
}

INLINE uint32_t load_pair(const int16_t *x) {
    return edge_load_word((const int8_t *)x);
}

/* Bytes 0 and 2 of each pixel's word, or 1 and 3 where `odd`, plus `offset`, each into its plane. */
INLINE void spread(int16_t *low, int16_t *high, const int8_t *from, uint32_t pitch, uint32_t pixels, uint32_t offset,
                   int odd) {
    for (; pixels >= 2u; pixels -= 2u, from += 2u * pitch, low += 2, high += 2) {
        const uint32_t a = edge_load_word(from), b = edge_load_word(from + pitch);
        const uint32_t first = odd ? edge_sxtab16_ror8(offset, a) : edge_sxtab16(offset, a);
        const uint32_t second = odd ? edge_sxtab16_ror8(offset, b) : edge_sxtab16(offset, b);
        edge_store_word((int8_t *)low, edge_pkhbt(first, second));
        edge_store_word((int8_t *)high, edge_pkhtb(second, first));
    }
    if (pixels != 0) {
        const uint32_t a = edge_load_word(from);
        const uint32_t last = odd ? edge_sxtab16_ror8(offset, a) : edge_sxtab16(offset, a);
        *low = (int16_t)last;
        *high = (int16_t)(last >> 16);
    }
}

static __attribute__((noinline)) void spread_even(int16_t *low, int16_t *high, const int8_t *from, uint32_t pitch,
                                                  uint32_t pixels, uint32_t offset) {
    spread(low, high, from, pitch, pixels, offset, 0);
}

static __attribute__((noinline)) void spread_odd(int16_t *low, int16_t *high, const int8_t *from, uint32_t pitch,
                                                 uint32_t pixels, uint32_t offset) {
    spread(low, high, from, pitch, pixels, offset, 1);
}

typedef struct sums {
    int32_t s0, s1, s2, s3;
} sums;

/* Adds the products of a pair of taps; x begins at the first output's. Stride 1: outputs 1 and 3 begin between words.
 */
INLINE sums add_pair(sums s, const int16_t *x, uint32_t taps, uint32_t stride) {
    s.s0 = edge_smlad(load_pair(x), taps, s.s0);
    s.s1 = edge_smlad(load_pair(x + stride), taps, s.s1);
    s.s2 = edge_smlad(load_pair(x + 2u * stride), taps, s.s2);
    s.s3 = edge_smlad(load_pair(x + 3u * stride), taps, s.s3);
    return s;
}

/* Adds the products of the last tap, the low half of `tap`. */
INLINE sums add_last(sums s, const int16_t *x, uint32_t tap, uint32_t stride) {
    if (stride == 1u) {
        const uint32_t first = load_pair(x), second = load_pair(x + 2);
        s.s0 = edge_smlabb(first, tap, s.s0);
        s.s1 = edge_smlatb(first, tap, s.s1);
        s.s2 = edge_smlabb(second, tap, s.s2);
        s.s3 = edge_smlatb(second, tap, s.s3);
    } else {
        s.s0 = edge_smlabb(load_pair(x), tap, s.s0);
        s.s1 = edge_smlabb(load_pair(x + 2), tap, s.s1);
        s.s2 = edge_smlabb(load_pair(x + 4), tap, s.s2);
        s.s3 = edge_smlabb(load_pair(x + 6), tap, s.s3);
    }
    return s;
}

/* One channel's rows inside the map, `width` halfwords each, and its weights from the first of them on. */
typedef struct channel_rows {
    const int16_t *plane;
    const int8_t *weights;
    uint32_t rows, width;
} channel_rows;

typedef void channel_maker(const params *p, const channel_rows *in, int8_t *out, uint32_t out_pitch, uint32_t channel);

/* The first n outputs of a group. */
static __attribute__((noinline)) void store(const params *p, uint32_t channel, sums s, int8_t *out, uint32_t pitch,
                                            uint32_t n) {
    const int32_t each[ACROSS] = {s.s0, s.s1, s.s2, s.s3};
    for (uint32_t i = 0; i < n; i++, out += pitch) {
        *out = edge_depthwise_requantize(p, channel, each[i]);
    }
}

/* One channel of the row, four outputs at a time; the last group may make more than there are. */
INLINE void make_channel(const params *p, const channel_rows *in, int8_t *out, uint32_t out_pitch, uint32_t channel,
                         uint32_t kernel, uint32_t stride) {
    const int16_t *plane = in->plane;
    for (uint32_t left = p->out_width;; left -= ACROSS, plane += ACROSS * stride) {
        sums s = {0, 0, 0, 0};
        const int16_t *x = plane;
        const int8_t *w = in->weights;
        for (uint32_t i = in->rows; i != 0; i--, x += in->width, w += kernel) {
            const uint32_t four = edge_load_word(w);
            s = add_pair(s, x, edge_sxtb16(four), stride);
            if (kernel == 3u) {
                s = add_last(s, x + 2, edge_sxtb16_ror8(four), stride);
                continue;
            }
            s = add_pair(s, x + 2, edge_sxtb16_ror8(four), stride);
            if (kernel == 5u) {
                s = add_last(s, x + 4, (uint32_t)w[4], stride);
            } else {
                const uint32_t more = edge_load_word(w + 4);
                s = add_pair(s, x + 4, edge_sxtb16(more), stride);
                s = add_last(s, x + 6, edge_sxtb16_ror8(more), stride);
            }
        }
        const int32_t offset = p->scale[2 * channel], factor = p->scale[2 * channel + 1];
        if (left < ACROSS || factor == 0) {
            store(p, channel, s, out, out_pitch, left < ACROSS ? left : ACROSS);
        } else {
            out[0] = edge_depthwise_scaled(s.s0, offset, factor);
            out[out_pitch] = edge_depthwise_scaled(s.s1, offset, factor);
            out[2 * out_pitch] = edge_depthwise_scaled(s.s2, offset, factor);
            out[3 * out_pitch] = edge_depthwise_scaled(s.s3, offset, factor);
        }
        if (left <= ACROSS) {
            return;
        }
        out += ACROSS * out_pitch;
    }
}

/* Two channels at a time, two apart, since a pixel's word widens so; the last word ends with the last channel. What is
 * written of a pixel is a channel that nothing reads any more. */
static void make_row(const params *p, const edge_depthwise_window *in, int8_t *out, uint32_t out_pitch,
                     int16_t *scratch, channel_maker *make) {
    const uint32_t width = plane_width(p), plane = width * p->kernel_h, taps = (uint32_t)p->kernel_w * p->kernel_h;
    const uint32_t half = (uint32_t)p->in_offset & 0xffffu, offset = half << 16 | half;
    const uint32_t room = width - p->pad_left, pixels = p->in_width < room ? p->in_width : room;
    memset(scratch, 0, 2u * plane * sizeof *scratch); /* the columns beside the map; the others are written below */
    for (uint32_t done = 0; done < p->channels; done += 4u) {
        const uint32_t word = done + 4u <= p->channels ? done : p->channels - 4u;
        for (uint32_t odd = 0; odd < 2u; odd++) {
            int16_t *low = scratch + p->pad_left;
            for (uint32_t i = 0; i < in->rows; i++, low += width) {
                const int8_t *from = in->row[i * p->dilation_h] + word;
                (odd ? spread_odd : spread_even)(low, low + plane, from, in->pitch, pixels, offset);
            }
            for (uint32_t k = 0; k < 2u; k++) {
                const uint32_t c = word + odd + 2u * k;
                const int8_t *w = (const int8_t *)p->weights + c * taps + in->first_tap * p->kernel_w;
                if (c >= done) {
                    make(p, &(channel_rows){scratch + k * plane, w, in->rows, width}, out + c, out_pitch, c);
                }
            }
        }
    }
}

#define PLANES(name, kernel, stride)                                                                                   \
    static void name##_channel(const params *p, const channel_rows *in, int8_t *out, uint32_t out_pitch,               \
                               uint32_t channel) {                                                                     \
        make_channel(p, in, out, out_pitch, channel, kernel, stride);                                                  \
    }                                                                                                                  \
    void name(const params *p, const edge_depthwise_window *in, int8_t *out, uint32_t out_pitch, void *scratch) {      \
        make_row(p, in, out, out_pitch, scratch, name##_channel);                                                      \
    }

PLANES(edge_depthwise_planes31_s8_dsp, 3, 1)
PLANES(edge_depthwise_planes32_s8_dsp, 3, 2)
PLANES(edge_depthwise_planes51_s8_dsp, 5, 1)
PLANES(edge_depthwise_planes52_s8_dsp, 5, 2)
PLANES(edge_depthwise_planes71_s8_dsp, 7, 1)
PLANES(edge_depthwise_planes72_s8_dsp, 7, 2)
