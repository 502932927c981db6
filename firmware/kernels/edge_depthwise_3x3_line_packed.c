/* SPDX-License-Identifier: Apache-2.0 */
/* As in edge_gemm_s8.c: the first scheduling pass spends registers that the loops do not have. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_depthwise_3x3_line.h"

#include "edge_dot_s8.h"
#include "edge_multiply_high.h"

/* A column of the three rows, and of the weights, times 2^8. */
typedef struct column {
    int32_t above, middle, below;
} column;

static inline int32_t byte(uint32_t word, unsigned i) {
    return (int32_t)(word << (24u - 8u * i)) >> 24 << 8;
}

static inline int32_t add(int32_t sum, column x, column w) {
    sum += x.above * w.above;
    EDGE_KEEP(sum);
    sum += x.middle * w.middle;
    EDGE_KEEP(sum);
    sum += x.below * w.below;
    EDGE_KEEP(sum);
    return sum;
}

static inline int8_t output(int32_t sum, int32_t factor) {
    const int32_t y = edge_multiply_high(sum, factor) >> (EDGE_LINE_SHIFT - 32);
    return (int8_t)(y == (int8_t)y ? y : y >> 31 ^ 127);
}

/* `stride` is a constant. */
static inline __attribute__((always_inline)) void lines(const edge_line *line, const uint32_t stride) {
    const uint32_t pitch = line->in_pitch >> 16, out_pitch = line->out_pitch;
    const int32_t zero_point = (int16_t)line->padding;
    const column padding = {zero_point, zero_point, zero_point};
    const int8_t *at = line->at, *end = line->end;
    int8_t *first = line->out;
    for (const edge_line_channel *k = line->channel; k != line->channel_end; k++, at++, end++, first++) {
        const column w0 = {byte(k->first, 1), byte(k->first, 3), byte(k->second, 0)};
        const column w1 = {byte(k->first, 0), byte(k->first, 2), byte(k->second, 2)};
        const column w2 = {byte(k->second, 1), byte(k->second, 3), byte(k->third, 1)};
        const int32_t bias = k->bias, factor = k->factor;
        const int8_t *r0 = at, *r1 = at + line->middle, *r2 = at + line->below;
        int8_t *to = first;
#define EDGE_LOAD(x)                                                                                                   \
    const column x = {*r0, *r1, *r2};                                                                                  \
    r0 += pitch;                                                                                                       \
    r1 += pitch;                                                                                                       \
    r2 += pitch
        int32_t sum = bias, next = bias;
        if (line->left) {
            sum = add(sum, padding, w0);
        } else {
            EDGE_LOAD(x);
            sum = add(sum, x, w0);
        }
        if (stride == 1) {
            EDGE_LOAD(x);
            sum = add(sum, x, w1);
            next = add(next, x, w0);
        }
        while (r0 != end) {
            if (stride == 2) {
                EDGE_LOAD(x);
                sum = add(sum, x, w1);
            }
            EDGE_LOAD(x);
            const int32_t complete = add(sum, x, w2);
            if (stride == 2) {
                sum = add(bias, x, w0);
            } else {
                sum = add(next, x, w1);
                next = add(bias, x, w0);
            }
            *to = output(complete, factor);
            to += out_pitch;
        }
        if (line->right) {
            if (stride == 2) {
                EDGE_LOAD(x);
                sum = add(sum, x, w1);
            }
            *to = output(add(sum, padding, w2), factor);
        }
#undef EDGE_LOAD
    }
}

#if !defined(__thumb2__) /* edge_depthwise_3x3_line_core_packed.S */
void edge_depthwise_3x3_line_s1_packed(const edge_line *line) {
    lines(line, 1);
}
#endif

void edge_depthwise_3x3_line_s2_packed(const edge_line *line) {
    lines(line, 2);
}
