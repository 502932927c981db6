/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_max_pool_2d_s8_dsp.h"

#include <string.h>

typedef edge_max_pool_2d_s8_dsp_params params;

/* The larger of each pair of bytes, as signed numbers. The condition flags tie the two instructions together. */
static inline uint32_t larger(uint32_t a, uint32_t b) {
#if defined(__ARM_FEATURE_DSP)
    uint32_t result;
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(result) : "r"(a), "r"(b) : "cc");
    return result;
#else
    uint32_t result = 0;
    for (unsigned i = 0; i < 32u; i += 8u) {
        const uint32_t byte = (int8_t)(a >> i) >= (int8_t)(b >> i) ? a >> i : b >> i;
        result |= (byte & 0xffu) << i;
    }
    return result;
#endif
}

/* The smaller: ~x reverses the order. */
static inline uint32_t smaller(uint32_t a, uint32_t b) {
    return ~larger(~a, ~b);
}

/* `n` channels of one output pixel, at `offset` bytes of `height` rows; n is a constant 4, or what the last word has.
 */
static inline __attribute__((always_inline)) void pool(const params *p, int8_t *const *rows, unsigned height,
                                                       unsigned pitch, uint32_t offset, unsigned width, int8_t *out,
                                                       unsigned n) {
    uint32_t most = (uint32_t)(uint8_t)p->low * 0x01010101u;
    for (unsigned r = 0; r < height; r++) {
        const int8_t *source = rows[r] + offset;
        for (unsigned i = 0; i < width; i++, source += pitch) {
            uint32_t word = 0;
            memcpy(&word, source, n);
            most = larger(most, word);
        }
    }
    most = smaller(most, (uint32_t)(uint8_t)p->high * 0x01010101u);
    memcpy(out, &most, n);
}

static void pool_last(const params *p, int8_t *const *rows, unsigned height, unsigned pitch, uint32_t offset,
                      unsigned width, int8_t *out) {
    pool(p, rows, height, pitch, offset, width, out, p->channels & 3u);
}

void edge_max_pool_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state) {
    const params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        unsigned from = r * p->stride_h;
        unsigned to = from + p->filter_h;
        from = from < in->valid_from ? in->valid_from : from;
        to = to > in->valid_to ? in->valid_to : to;
        int8_t *const *rows = in->row + from;
        int8_t *y = out->row[r];
        int32_t x = -(int32_t)p->pad_left;
        for (unsigned o = 0; o < p->out_width; o++, x += p->stride_w, y += out->pitch) {
            const int32_t left = x < 0 ? 0 : x;
            const int32_t end = x + p->filter_w;
            const unsigned width = (unsigned)((end > p->in_width ? p->in_width : end) - left);
            const uint32_t offset = (uint32_t)left * in->pitch;
            unsigned c = 0;
            for (; c + 4u <= p->channels; c += 4u) {
                pool(p, rows, to - from, in->pitch, offset + c, width, y + c, 4);
            }
            if (c != p->channels) {
                pool_last(p, rows, to - from, in->pitch, offset + c, width, y + c);
            }
        }
    }
}
