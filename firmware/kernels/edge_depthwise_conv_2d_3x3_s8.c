/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_depthwise_conv_2d_3x3_s8.h"

#include "edge_requantize.h"

typedef edge_depthwise_conv_2d_3x3_s8_params params;

/* What one channel needs along a row: one load of its weights serves the whole row. */
typedef struct channel {
    const int8_t *weights;
    int32_t bias, multiplier, right, offset, low, high;
    bool narrow;
} channel;

static inline void store(const channel *k, int32_t sum, int8_t *to) {
    const int32_t y = edge_requantize_is_short(k->right)
                          ? edge_requantize_short(sum, k->multiplier, k->right, k->offset)
                          : edge_requantize_long(sum, k->multiplier, -k->right) + k->offset;
    *to = EDGE_SATURATES && !k->narrow ? edge_saturate_s8(y) : edge_clamp_s8(y, k->low, k->high);
}

/* Column j of input row r, at the channel; the zero point outside. */
static inline int32_t at(const params *p, const int8_t *row, uint32_t pitch, int32_t j) {
    return (uint32_t)j < p->in_width ? row[(uint32_t)j * pitch] : p->in_zero_point;
}

/* Stride 1: columns pass by once. Every column adds to three outputs: the one it completes (s), the next (t) and the one
 * after, which it begins. `rows` is a constant 1 or 2. */
static inline void slide(const params *p, const channel *k, const int8_t *const row[4], uint32_t in_pitch,
                         int8_t *const to[2], uint32_t out_pitch, int rows) {
    const int8_t *w = k->weights;
    const int32_t w00 = w[0], w01 = w[1], w02 = w[2];
    const int32_t w10 = w[3], w11 = w[4], w12 = w[5];
    const int32_t w20 = w[6], w21 = w[7], w22 = w[8];
    int32_t s0 = k->bias, t0 = k->bias, s1 = k->bias, t1 = k->bias;
    int32_t j = -(int32_t)p->pad_left;
    {
        const int32_t a = at(p, row[0], in_pitch, j), b = at(p, row[1], in_pitch, j), c = at(p, row[2], in_pitch, j);
        s0 += a * w00 + b * w10 + c * w20;
        if (rows == 2) {
            const int32_t d = at(p, row[3], in_pitch, j);
            s1 += b * w00 + c * w10 + d * w20;
        }
    }
    j++;
    {
        const int32_t a = at(p, row[0], in_pitch, j), b = at(p, row[1], in_pitch, j), c = at(p, row[2], in_pitch, j);
        s0 += a * w01 + b * w11 + c * w21;
        t0 += a * w00 + b * w10 + c * w20;
        if (rows == 2) {
            const int32_t d = at(p, row[3], in_pitch, j);
            s1 += b * w01 + c * w11 + d * w21;
            t1 += b * w00 + c * w10 + d * w20;
        }
    }
    j++;
    /* Two passes over one loop: the columns inside the frame, then those outside, where all rows are one padding pixel. */
    const int8_t *r0 = row[0], *r1 = row[1], *r2 = row[2], *r3 = row[rows == 2 ? 3 : 2];
    const int32_t inside = (int32_t)p->in_width - j;
    int32_t n = inside < p->out_width ? inside : p->out_width;
    int32_t left = p->out_width - n;
    uint32_t index = (uint32_t)j * in_pitch;
    uint32_t at_out = 0;
    for (;;) {
        for (const uint32_t end = at_out + (uint32_t)n * out_pitch; at_out != end; at_out += out_pitch) {
            const int32_t a = r0[index], b = r1[index], c = r2[index];
            store(k, s0 + a * w02 + b * w12 + c * w22, to[0] + at_out);
            s0 = t0 + a * w01 + b * w11 + c * w21;
            t0 = k->bias + a * w00 + b * w10 + c * w20;
            if (rows == 2) {
                const int32_t d = r3[index];
                store(k, s1 + b * w02 + c * w12 + d * w22, to[1] + at_out);
                s1 = t1 + b * w01 + c * w11 + d * w21;
                t1 = k->bias + b * w00 + c * w10 + d * w20;
            }
            index += in_pitch;
        }
        if (left == 0) {
            return;
        }
        n = left;
        left = 0;
        r0 = r1 = r2 = r3 = &p->in_zero_point;
        in_pitch = 0;
        index = 0;
    }
}

/* Stride 2: each output takes two new columns; the last of them is the first of the next output's. */
static inline void stride_two(const params *p, const channel *k, const int8_t *const row[3], uint32_t in_pitch,
                              int8_t *to, uint32_t out_pitch) {
    const int8_t *w = k->weights;
    const int32_t w00 = w[0], w01 = w[1], w02 = w[2];
    const int32_t w10 = w[3], w11 = w[4], w12 = w[5];
    const int32_t w20 = w[6], w21 = w[7], w22 = w[8];
    int32_t j = -(int32_t)p->pad_left;
    int32_t s = k->bias + at(p, row[0], in_pitch, j) * w00 + at(p, row[1], in_pitch, j) * w10 +
                at(p, row[2], in_pitch, j) * w20;
    j++;
    const int8_t *r0 = row[0] + (uint32_t)j * in_pitch;
    const int8_t *r1 = row[1] + (uint32_t)j * in_pitch;
    const int8_t *r2 = row[2] + (uint32_t)j * in_pitch;
    const int32_t inside = ((int32_t)p->in_width - j) / 2; /* outputs whose two new columns lie in the frame */
    int32_t n = inside < p->out_width ? inside : p->out_width;
    int32_t left = p->out_width - n;
    uint32_t index = 0;
    uint32_t second = in_pitch;
    uint32_t step = 2 * in_pitch;
    int8_t edge[3][2];
    for (;;) {
        for (; n > 0; n--) {
            const int32_t a = r0[index], b = r1[index], c = r2[index];
            s += a * w01 + b * w11 + c * w21;
            const int32_t d = r0[second], e = r1[second], f = r2[second];
            store(k, s + d * w02 + e * w12 + f * w22, to);
            s = k->bias + d * w00 + e * w10 + f * w20;
            index += step;
            second += step;
            to += out_pitch;
        }
        if (left == 0) {
            return;
        }
        /* Then one output at a time, of which a column may lie in the frame: a copy of what is there. */
        const int32_t column = j + 2 * (p->out_width - left);
        for (unsigned i = 0; i < 3; i++) {
            edge[i][0] = (int8_t)at(p, row[i], in_pitch, column);
            edge[i][1] = (int8_t)at(p, row[i], in_pitch, column + 1);
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

void edge_depthwise_conv_2d_3x3_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                   void *scratch, void *state) {
    const params *p = op->params;
    (void)scratch;
    (void)state;
    channel k = {.offset = p->zero_point, .low = p->low, .high = p->high, .narrow = p->narrow};
    for (unsigned r = 0; r < span.rows;) {
        const bool two = p->stride_w == 1 && p->stride_h == 1 && r + 1 < span.rows;
        int8_t *const *rows = in->row + r * p->stride_h;
        k.weights = p->weights;
        for (unsigned c = 0; c < p->channels; c++, k.weights += 9) {
            k.bias = p->bias[c];
            k.multiplier = p->multiplier[c];
            k.right = p->right[c];
            const int8_t *row[4] = {rows[0] + c, rows[1] + c, rows[2] + c, two ? rows[3] + c : NULL};
            int8_t *to[2] = {out->row[r] + c, two ? out->row[r + 1] + c : NULL};
            if (two) {
                slide(p, &k, row, in->pitch, to, out->pitch, 2);
            } else if (p->stride_w == 1) {
                slide(p, &k, row, in->pitch, to, out->pitch, 1);
            } else {
                stride_two(p, &k, row, in->pitch, to[0], out->pitch);
            }
        }
        r += two ? 2 : 1;
    }
}
