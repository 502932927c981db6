/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_s8_packed.h"

typedef edge_conv_2d_s8_packed_params params;

static inline uint32_t element(bool upper, uint32_t word, int8_t x) {
    return upper ? word + ((uint32_t)(int32_t)x << 16) : (uint32_t)(int32_t)x;
}

/* Writes n elements: as whole words, or on top of the words that are there. Returns where the next goes. */
static inline __attribute__((always_inline)) uint32_t *put(bool upper, uint32_t *to, const int8_t *from, uint32_t n) {
    const uint32_t *fours = to + (n & ~3u), *end = to + n;
    for (; to != fours; to += 4, from += 4) {
        to[0] = element(upper, to[0], from[0]);
        to[1] = element(upper, to[1], from[1]);
        to[2] = element(upper, to[2], from[2]);
        to[3] = element(upper, to[3], from[3]);
    }
    for (; to != end; to++) {
        *to = element(upper, *to, *from++);
    }
    return to;
}

static inline __attribute__((always_inline)) uint32_t *fill(bool upper, uint32_t *to, int8_t pixel, uint32_t n) {
    for (const uint32_t *end = to + n; to != end; to++) {
        *to = element(upper, *to, pixel);
    }
    return to;
}

/* The patch for output column x; row[0] is its first input row. `upper` is a constant. */
static inline __attribute__((always_inline)) void gather(bool upper, const params *p, int8_t *const *row,
                                                         unsigned pitch, unsigned x, uint32_t *to) {
    const int32_t first = (int32_t)(x * p->stride_w) - p->pad_left;
    const int32_t last = first + (p->kernel_w - 1) * p->dilation_w;
    const uint32_t n = p->in_channels;
    const bool joined = first >= 0 && last < p->in_width && p->dilation_w == 1 && pitch == n;
    for (unsigned ky = 0; ky < p->kernel_h; ky++, row += p->dilation_h) {
        const int8_t *line = *row;
        if (joined) {
            to = put(upper, to, line + (uint32_t)first * pitch, p->kernel_w * n);
            continue;
        }
        int32_t column = first;
        for (unsigned kx = 0; kx < p->kernel_w; kx++, column += p->dilation_w) {
            if ((uint32_t)column < p->in_width) {
                to = put(upper, to, line + (uint32_t)column * pitch, n);
            } else {
                to = fill(upper, to, p->in_zero_point, n);
            }
        }
    }
}

void edge_conv_2d_s8_packed(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state) {
    const params *p = op->params;
    (void)state;
    uint32_t *words = scratch;
    for (uint32_t i = (uint32_t)p->kernel_h * p->kernel_w * p->in_channels; i < p->gemm.depth; i++) {
        words[i] = 0;
    }
    int8_t *waiting = NULL; /* an output whose patch lies in the lower fields */
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        for (unsigned x = 0; x < p->out_width; x++, y += out->pitch) {
            if (waiting == NULL) {
                gather(false, p, row, in->pitch, x, words);
                waiting = y;
            } else {
                gather(true, p, row, in->pitch, x, words);
                edge_gemm_s8_packed_pair(&p->gemm, words, waiting, y);
                waiting = NULL;
            }
        }
    }
    if (waiting != NULL) { /* upper fields of zero */
        edge_gemm_s8_packed_pair(&p->gemm, words, waiting, waiting);
    }
}
