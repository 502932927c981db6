/* SPDX-License-Identifier: Apache-2.0 */
/* As in edge_gemm_s8.c: the first scheduling pass spends registers that the loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_depthwise_conv_2d_3x3_s8.h"

#include "edge_dot_s8.h"
#include "edge_requantize.h"

typedef edge_depthwise_conv_2d_3x3_s8_params params;

/* One channel of a band of one or two rows: pointers at the channel, pitches in bytes. */
typedef struct line {
    const int8_t *row[4]; /* input rows */
    int8_t *to[2];
    uint32_t in_pitch, out_pitch;
    const int8_t *weights;
    int32_t bias, multiplier, right;
} line;

/* Column j of an input row; the zero point outside. */
static inline int32_t at(const params *p, const line *k, unsigned row, int32_t j) {
    return (uint32_t)j < p->in_width ? k->row[row][(uint32_t)j * k->in_pitch] : p->in_zero_point;
}

/* How sums become outputs, as locals: the compiler must suppose that a store to the output changes *p. */
typedef struct scale {
    int32_t multiplier, right, offset, low, high;
    bool narrow;
} scale;

static inline scale scale_of(const params *p, const line *k) {
    return (scale){k->multiplier, k->right, p->zero_point, p->low, p->high, p->narrow};
}

static inline int32_t requantize(const scale *q, int32_t sum) {
    return edge_requantize_short(sum, q->multiplier, q->right, q->offset);
}

/* Adds one weight times a pixel to an output, and, where there are two rows, times the pixel below to the output below:
 * one load of the weight serves both. */
#define EDGE_TAP(upper, lower, pixel, below, weight)                                                                   \
    do {                                                                                                               \
        upper += (pixel) * (weight);                                                                                   \
        EDGE_KEEP(upper);                                                                                              \
        if (rows == 2) {                                                                                               \
            lower += (below) * (weight);                                                                               \
            EDGE_KEEP(lower);                                                                                          \
        }                                                                                                              \
    } while (0)

/* Stride 1: every column passes by once and adds to three outputs: the one it completes (s), the next (t) and the one
 * after, which it begins. `rows` is a constant 1 or 2. */
static inline __attribute__((always_inline)) void slide(const params *p, const line *k, const int rows) {
    const int8_t *const w = k->weights;
    const int32_t w00 = w[0], w01 = w[1], w02 = w[2];
    const int32_t w10 = w[3], w11 = w[4], w12 = w[5];
    const int32_t w20 = w[6], w21 = w[7], w22 = w[8];
    const int32_t bias = k->bias;
    const uint32_t out_pitch = k->out_pitch;
    const scale q = scale_of(p, k);
    int32_t s0 = bias, t0 = bias, s1 = bias, t1 = bias;
    int32_t j = -(int32_t)p->pad_left;
    {
        const int32_t a = at(p, k, 0, j), b = at(p, k, 1, j), c = at(p, k, 2, j), d = at(p, k, 3, j);
        EDGE_TAP(s0, s1, a, b, w00);
        EDGE_TAP(s0, s1, b, c, w10);
        EDGE_TAP(s0, s1, c, d, w20);
    }
    j++;
    {
        const int32_t a = at(p, k, 0, j), b = at(p, k, 1, j), c = at(p, k, 2, j), d = at(p, k, 3, j);
        EDGE_TAP(s0, s1, a, b, w01);
        EDGE_TAP(s0, s1, b, c, w11);
        EDGE_TAP(s0, s1, c, d, w21);
        EDGE_TAP(t0, t1, a, b, w00);
        EDGE_TAP(t0, t1, b, c, w10);
        EDGE_TAP(t0, t1, c, d, w20);
    }
    j++;
    /* Two passes over one loop: the columns inside the frame, then those outside, where all rows are one padding pixel.
     */
    const int8_t *r0 = k->row[0], *r1 = k->row[1], *r2 = k->row[2], *r3 = k->row[3];
    const int32_t inside = (int32_t)p->in_width - j;
    int32_t n = inside < p->out_width ? inside : p->out_width;
    int32_t left = p->out_width - n;
    uint32_t pitch = k->in_pitch;
    uint32_t index = (uint32_t)j * pitch;
    int8_t *const to0 = k->to[0], *const to1 = k->to[1];
    uint32_t place = 0;
    for (;;) {
        for (; n > 0; n--, index += pitch, place += out_pitch) {
            const int32_t a = r0[index], b = r1[index], c = r2[index], d = rows == 2 ? r3[index] : 0;
            int32_t y0 = s0, y1 = s1;
            EDGE_TAP(y0, y1, a, b, w02);
            EDGE_TAP(y0, y1, b, c, w12);
            EDGE_TAP(y0, y1, c, d, w22);
            s0 = t0;
            s1 = t1;
            EDGE_TAP(s0, s1, a, b, w01);
            EDGE_TAP(s0, s1, b, c, w11);
            EDGE_TAP(s0, s1, c, d, w21);
            t0 = bias;
            t1 = bias;
            EDGE_TAP(t0, t1, a, b, w00);
            EDGE_TAP(t0, t1, b, c, w10);
            EDGE_TAP(t0, t1, c, d, w20);
            y0 = requantize(&q, y0);
            y1 = rows == 2 ? requantize(&q, y1) : 0;
            edge_clamp_pair_s8(&y0, &y1, q.low, q.high, q.narrow);
            to0[place] = (int8_t)y0;
            if (rows == 2) {
                to1[place] = (int8_t)y1;
            }
        }
        if (left == 0) {
            return;
        }
        n = left;
        left = 0;
        r0 = r1 = r2 = r3 = &p->in_zero_point;
        pitch = 0;
        index = 0;
    }
}

/* Stride 2: each output takes two new columns; the last of them is the first of the next output's. */
static inline void stride_two(const params *p, const line *k) {
    const int8_t *const w = k->weights;
    const int32_t w00 = w[0], w01 = w[1], w02 = w[2];
    const int32_t w10 = w[3], w11 = w[4], w12 = w[5];
    const int32_t w20 = w[6], w21 = w[7], w22 = w[8];
    const uint32_t pitch = k->in_pitch, out_pitch = k->out_pitch;
    const int32_t bias = k->bias;
    const scale q = scale_of(p, k);
    int32_t j = -(int32_t)p->pad_left;
    int32_t s = bias + at(p, k, 0, j) * w00 + at(p, k, 1, j) * w10 + at(p, k, 2, j) * w20;
    j++;
    const uint32_t start = (uint32_t)j * pitch;
    const int8_t *r0 = k->row[0] + start, *r1 = k->row[1] + start, *r2 = k->row[2] + start;
    const int32_t inside = ((int32_t)p->in_width - j) / 2; /* outputs whose two new columns lie in the frame */
    int32_t n = inside < p->out_width ? inside : p->out_width;
    int32_t left = p->out_width - n;
    uint32_t index = 0;
    uint32_t second = pitch;
    int8_t *to = k->to[0];
    int8_t edge[3][2];
    for (;;) {
        for (; n > 0; n--) {
            const int32_t a = r0[index], b = r1[index], c = r2[index];
            const int32_t d = r0[second], e = r1[second], f = r2[second];
            int32_t y = requantize(&q, s + a * w01 + b * w11 + c * w21 + d * w02 + e * w12 + f * w22);
            int32_t none = 0;
            edge_clamp_pair_s8(&y, &none, q.low, q.high, q.narrow);
            *to = (int8_t)y;
            s = bias + d * w00 + e * w10 + f * w20;
            index = second + pitch;
            second = index + pitch;
            to += out_pitch;
        }
        if (left == 0) {
            return;
        }
        /* Then one output at a time, of which a column may lie in the frame: a copy of what is there. */
        const int32_t column = j + 2 * (p->out_width - left);
        for (unsigned i = 0; i < 3; i++) {
            edge[i][0] = (int8_t)at(p, k, i, column);
            edge[i][1] = (int8_t)at(p, k, i, column + 1);
        }
        r0 = edge[0];
        r1 = edge[1];
        r2 = edge[2];
        index = 0;
        second = 1;
        n = 1;
        left--;
    }
}

/* A channel whose scale edge_requantize_short cannot serve: rare, so one output at a time. */
static void long_scale(const params *p, const line *k, unsigned rows) {
    for (unsigned r = 0; r < rows; r++) {
        int8_t *to = k->to[r];
        int32_t column = -(int32_t)p->pad_left;
        for (unsigned x = 0; x < p->out_width; x++, column += p->stride_w, to += k->out_pitch) {
            int32_t sum = k->bias;
            for (unsigned tap = 0; tap < 9; tap++) {
                sum += at(p, k, r + tap / 3, column + (int32_t)(tap % 3)) * k->weights[tap];
            }
            sum = edge_requantize_long(sum, k->multiplier, -k->right) + p->zero_point;
            *to = edge_clamp_s8(sum, p->low, p->high);
        }
    }
}

void edge_depthwise_conv_2d_3x3_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                   void *scratch, void *state) {
    const params *p = op->params;
    (void)scratch;
    (void)state;
    unsigned rows;
    for (unsigned r = 0; r < span.rows; r += rows) {
        rows = p->stride_w == 1 && p->stride_h == 1 && r + 1 < span.rows ? 2 : 1;
        int8_t *const *row = in->row + r * p->stride_h;
        line k = {.row = {row[0], row[1], row[2], rows == 2 ? row[3] : row[2]},
                  .to = {out->row[r], rows == 2 ? out->row[r + 1] : out->row[r]},
                  .in_pitch = in->pitch,
                  .out_pitch = out->pitch,
                  .weights = p->weights};
        for (unsigned c = 0; c < p->channels; c++) {
            k.bias = p->bias[c];
            k.multiplier = p->multiplier[c];
            k.right = p->right[c];
            if (!edge_requantize_is_short(k.right)) {
                long_scale(p, &k, rows);
            } else if (p->stride_w == 2) {
                stride_two(p, &k);
            } else if (rows == 2) {
                slide(p, &k, 2);
            } else {
                slide(p, &k, 1);
            }
            k.weights += 9;
            for (unsigned i = 0; i < 4; i++) {
                k.row[i]++;
            }
            k.to[0]++;
            k.to[1]++;
        }
    }
}
