/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_pool_s8_dsp.h"

#include "edge_divide.h"
#include "edge_dsp.h"

typedef edge_conv_2d_pool_s8_dsp_params params;

/* What is left of the stream, and how many pairs of the run under way. */
typedef struct remainder {
    const uint32_t *stream;
    const uint16_t *run;
    uint32_t pairs;
} remainder;

/* Four groups under way: their maxima, or the sums of the even ones and of the odd ones. */
typedef struct four {
    uint32_t even, odd;
} four;

/* The next pairs of channels of all pixels. */
static void make(const edge_gemm_s8_dsp *g, remainder *rest, const uint32_t *x, unsigned pixels, uint32_t pairs,
                 int8_t *y, uint32_t pitch) {
    edge_gemm_core_of *const multiply = pixels == 3 ? edge_gemm_core3_s8_dsp : edge_gemm_core2_s8_dsp;
    while (pairs > 0) {
        if (rest->pairs == 0) {
            rest->run += 3;
            rest->pairs = rest->run[1];
        }
        const uint32_t count = pairs < rest->pairs ? pairs : rest->pairs;
        const uint32_t *w = rest->stream;
        const unsigned kind = rest->run[2];
        const edge_gemm_core_s8_dsp core = {.steps = g->steps,
                                            .count = count,
                                            .pitch = pitch,
                                            .epilogue = kind == EDGE_GEMM_FITTED ? g->fitted : g->exact};
        rest->stream = kind == EDGE_GEMM_IN_SLOW ? g->slow(g, x, pixels, w, count, y, pitch) : multiply(x, w, y, &core);
        rest->pairs -= count;
        pairs -= count;
        y += 2 * count;
    }
}

EDGE_DSP_INLINE uint32_t repeated(int8_t byte) {
    return (uint8_t)byte * 0x01010101u;
}

EDGE_DSP_INLINE uint32_t divided(uint32_t sum, edge_divisor group) {
    return (uint8_t)edge_divide_rounded((int16_t)sum, group);
}

static uint32_t averages(four f, edge_divisor group) {
    return divided(f.even, group) | divided(f.odd, group) << 8 | divided(f.even >> 16, group) << 16 |
           divided(f.odd >> 16, group) << 24;
}

/* Adds the members of four groups, `outputs` bytes from one to the next. */
EDGE_DSP_INLINE four pooled(four f, const int8_t *from, unsigned members, unsigned outputs, uint32_t low, uint32_t high,
                            bool average) {
    for (unsigned m = members; m > 0; m--, from += outputs) {
        uint32_t word = edge_load_word(from);
        if (average) {
            word = edge_smaller_bytes(edge_larger_bytes(word, low), high);
            f.even = edge_sxtab16(f.even, word);
            f.odd = edge_sxtab16_ror8(f.odd, word);
        } else {
            f.even = edge_larger_bytes(f.even, word);
        }
    }
    return f;
}

/* The first `count` of four bytes, or all of them. */
EDGE_DSP_INLINE void store(int8_t *to, uint32_t bytes, unsigned count) {
    if (count >= 4) {
        edge_store_word(to, bytes);
        return;
    }
    for (const int8_t *end = to + count; to != end; bytes >>= 8) {
        *to++ = (int8_t)bytes;
    }
}

EDGE_DSP_INLINE void pool(const edge_gemm_s8_dsp *g, const uint32_t *x, unsigned pixels, int8_t *y, uint32_t pitch,
                          bool average) {
    const params *p = (const params *)g;
    const edge_divisor group = edge_make_divisor(p->group);
    const uint32_t low = repeated(g->low), high = repeated(g->high);
    remainder rest = {g->stream, g->runs, g->runs[1]};
    four kept[EDGE_GEMM_DSP_PIXELS];
    int8_t made[EDGE_GEMM_DSP_PIXELS * EDGE_CONV_2D_POOL_DSP_CHANNELS + 4] __attribute__((aligned(4)));
    for (unsigned c = 0; c < g->channels; c += p->outputs) {
        const unsigned outputs = g->channels - c < p->outputs ? g->channels - c : p->outputs;
        unsigned members;
        for (unsigned left = group.n; left > 0; left -= members) {
            members = left < p->members ? left : p->members;
            const uint32_t width = (outputs * members + 3u) & ~3u;
            make(g, &rest, x, pixels, (outputs * members + 1u) / 2u, made, width);
            for (unsigned i = pixels; i-- > 0;) { /* the first pixel last, as edge_gemm_pixels_of has it */
                for (unsigned o = 0; o < outputs; o += 4) {
                    four f = {average ? 0 : low, 0};
                    if (left < group.n) {
                        f = kept[i];
                    }
                    f = pooled(f, made + i * width + o, members, outputs, low, high, average);
                    if (left > members) {
                        kept[i] = f; /* a block of several rounds has one word of outputs */
                    } else {
                        const uint32_t bytes = average ? averages(f, group) : edge_smaller_bytes(f.even, high);
                        store(y + i * pitch + c + o, bytes, outputs - o);
                    }
                }
            }
        }
    }
}

void edge_conv_2d_pool_s8_dsp_max(const edge_gemm_s8_dsp *g, const uint32_t *x, unsigned pixels, int8_t *y,
                                  uint32_t pitch) {
    pool(g, x, pixels, y, pitch, false);
}

void edge_conv_2d_pool_s8_dsp_average(const edge_gemm_s8_dsp *g, const uint32_t *x, unsigned pixels, int8_t *y,
                                      uint32_t pitch) {
    pool(g, x, pixels, y, pitch, true);
}

void edge_conv_2d_pool_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                              void *scratch, void *state) {
    edge_conv_2d_s8_dsp(op, in, out, span, scratch, state); /* whose params are those of op's convolution */
}
