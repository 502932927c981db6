/* SPDX-License-Identifier: Apache-2.0 */
/* Small: it is for what the assembly does not do. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")
#endif
#include "edge_depthwise_3x3_line.h"

#include "edge_requantize.h"

/* A column of the three rows; or the weights for one. */
typedef struct column {
    int32_t above, middle, below;
} column;

static inline int32_t dot(column x, column w) {
    return x.above * w.above + x.middle * w.middle + x.below * w.below;
}

static inline column load(const edge_line *line, const int8_t **at) {
    const int8_t *p = *at;
    *at += line->in_pitch >> 16;
    return (column){p[0], p[line->middle], p[line->below]};
}

static inline int32_t byte(uint32_t word, unsigned i) {
    return (int8_t)(word >> (8u * i));
}

static int8_t requantize(const edge_line_channel *k, const edge_line_exact *exact, int32_t sum) {
    if (exact != NULL) {
        const int32_t y = edge_requantize(exact->bias + sum, exact->multiplier, exact->shift) + exact->zero_point;
        return edge_clamp_s8(y, exact->low, exact->high);
    }
    const int64_t y = ((int64_t)(k->bias + sum * 256) * k->factor) >> EDGE_LINE_SHIFT;
    return edge_clamp_s8((int32_t)y, -128, 127);
}

void edge_depthwise_3x3_line(const edge_line *line, uint32_t stride, const edge_line_channel *k,
                             const edge_line_exact *exact) {
    const column w0 = {byte(k->first, 1), byte(k->first, 3), byte(k->second, 0)};
    const column w1 = {byte(k->first, 0), byte(k->first, 2), byte(k->second, 2)};
    const column w2 = {byte(k->second, 1), byte(k->second, 3), byte(k->third, 1)};
    const int32_t zero_point = (int16_t)line->padding;
    const column padding = {zero_point, zero_point, zero_point};
    const int8_t *at = line->at;
    int8_t *out = line->out;
    column x = line->left ? padding : load(line, &at);
    int32_t sum = dot(x, w0), next = 0;
    if (stride == 1) {
        x = load(line, &at);
        sum += dot(x, w1);
        next = dot(x, w0);
    }
    while (at != line->end) {
        if (stride == 2) {
            sum += dot(load(line, &at), w1);
        }
        x = load(line, &at);
        const int32_t complete = sum + dot(x, w2);
        sum = stride == 2 ? dot(x, w0) : next + dot(x, w1);
        next = dot(x, w0);
        *out = requantize(k, exact, complete);
        out += line->out_pitch;
    }
    if (line->right) {
        sum += stride == 2 ? dot(load(line, &at), w1) : 0;
        *out = requantize(k, exact, sum + dot(padding, w2));
    }
}

#if !defined(__ARM_FEATURE_DSP)
/* The twins of the assembly. */
static void lines(edge_line line, uint32_t stride) {
    for (; line.channel != line.channel_end; line.channel++, line.at++, line.end++, line.out++) {
        edge_depthwise_3x3_line(&line, stride, line.channel, NULL);
    }
}

void edge_depthwise_3x3_line_s1_dsp(const edge_line *line) {
    const ptrdiff_t rows_on = line->last - line->end;
    for (edge_line top = *line; top.channel != top.channel_end; top.channel++, top.at++, top.end++, top.out++) {
        edge_line row = top;
        edge_depthwise_3x3_line(&row, 1, row.channel, NULL);
        while (row.end != top.end + rows_on) {
            row.at += row.down;
            row.end += row.down;
            row.out += row.down;
            edge_depthwise_3x3_line(&row, 1, row.channel, NULL);
        }
    }
}

void edge_depthwise_3x3_line_s2_dsp(const edge_line *line) {
    lines(*line, 2);
}
#endif
