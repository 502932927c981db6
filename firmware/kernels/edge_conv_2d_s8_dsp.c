/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_conv_2d_s8_dsp.h"

#include "edge_dsp.h"

/* What the gatherers need to know of a call. Output columns [inner, outer) see no padding. */
typedef struct patches {
    const edge_conv_2d_s8_dsp_params *p;
    uint32_t pitch, step; /* bytes from pixel to pixel of the input, and from patch to patch */
    uint32_t run, whole;  /* elements of a kernel row, and those of them in whole steps */
    unsigned inner, outer;
    bool side_by_side; /* the pixels of a kernel row are one run of bytes */
} patches;

/* n elements (whole steps) of each pixel, `step` bytes apart, widened and interleaved. */
EDGE_DSP_INLINE uint32_t *widen(const int8_t *from, uint32_t n, uint32_t step, uint32_t *to, unsigned pixels) {
    for (const int8_t *end = from + n; from != end; from += 4, to += 2 * pixels) {
        const uint32_t a = edge_load_word(from);
        to[0] = edge_sxtb16(a);
        to[pixels] = edge_sxtb16_ror8(a);
        if (pixels > 1) {
            const uint32_t b = edge_load_word(from + step);
            to[1] = edge_sxtb16(b);
            to[pixels + 1] = edge_sxtb16_ror8(b);
        }
        if (pixels > 2) {
            const uint32_t c = edge_load_word(from + 2 * step);
            to[2] = edge_sxtb16(c);
            to[pixels + 2] = edge_sxtb16_ror8(c);
        }
    }
    return to;
}

/* Element `index` of one of the pixels. */
static inline void put(uint32_t *to, unsigned pixels, uint32_t index, int8_t value) {
    const int16_t wide = value;
    uint32_t *word = to + ((index >> 2) * 2 + (index & 1)) * pixels;
    memcpy((int8_t *)word + (index & 2), &wide, 2);
}

/* n elements of one pixel from element `index` on; from == NULL: zero points. `last` is where an element behind the
 * whole steps goes that is merged with those of other rows. */
static void spread(const patches *g, const int8_t *from, uint32_t n, uint32_t index, uint32_t *to, unsigned pixels,
                   int8_t *last) {
    const uint32_t zeros = (uint8_t)g->p->in_zero_point * 0x01010101u;
    uint32_t k = 0;
    if ((index & 3) == 0) {
        uint32_t *words = to + (index >> 1) * pixels;
        for (; k + 4 <= n; k += 4, words += 2 * pixels) {
            const uint32_t four = from != NULL ? edge_load_word(from + k) : zeros;
            words[0] = edge_sxtb16(four);
            words[pixels] = edge_sxtb16_ror8(four);
        }
    }
    for (; k < n; k++) {
        const int8_t value = from != NULL ? from[k] : g->p->in_zero_point;
        if (index + k == g->whole && last != NULL) {
            *last = value;
        } else {
            put(to, pixels, index + k, value);
        }
    }
}

/* The patch of one pixel, wherever it lies. */
static __attribute__((noinline)) void gather_one(const patches *g, int8_t *const *row, unsigned x, uint32_t *to,
                                                 unsigned pixels) {
    const edge_conv_2d_s8_dsp_params *p = g->p;
    const int32_t first = (int32_t)(x * p->stride_w) - p->pad_left;
    int8_t lone[4] = {0, 0, 0, 0};
    for (unsigned ky = 0; ky < p->kernel_h; ky++, row += p->dilation_h) {
        int8_t *last = p->merged ? lone + ky : NULL;
        if (x >= g->inner && x < g->outer && g->side_by_side) {
            spread(g, *row + (uint32_t)first * g->pitch, g->run, 0, to, pixels, last);
        } else {
            int32_t column = first;
            for (unsigned kx = 0; kx < p->kernel_w; kx++, column += p->dilation_w) {
                const bool inside = (uint32_t)column < p->in_width;
                const int8_t *from = inside ? *row + (uint32_t)column * g->pitch : NULL;
                spread(g, from, p->depth, kx * p->depth, to, pixels, last);
            }
        }
        to += 2 * pixels * ((g->run + (p->merged ? 0 : 3)) / 4);
    }
    if (p->merged) {
        to[0] = edge_pkhbt((uint32_t)lone[0], (uint32_t)lone[2]);
        to[pixels] = edge_pkhbt((uint32_t)lone[1], (uint32_t)lone[3]);
    }
}

/* The merged step of three kernel rows: their last elements. */
EDGE_DSP_INLINE void merge_three(int8_t *const *row, uint32_t down, uint32_t at, uint32_t step, uint32_t *to,
                                 unsigned pixels) {
    const int8_t *a = row[0] + at, *b = row[down] + at, *c = row[2 * down] + at;
    for (unsigned i = 0; i < pixels; i++, a += step, b += step, c += step) {
        to[i] = edge_pkhbt((uint32_t)*a, (uint32_t)*c);
        to[pixels + i] = (uint32_t)*b;
    }
}

/* The patches from output column x on; row[0] is their first input row. */
EDGE_DSP_INLINE void gather(const patches *g, int8_t *const *row, unsigned x, uint32_t *to, unsigned pixels) {
    const edge_conv_2d_s8_dsp_params *p = g->p;
    const bool inside = x >= g->inner && x + pixels <= g->outer && g->side_by_side;
    if (!inside || (g->run != g->whole && (!p->merged || p->kernel_h != 3))) {
        for (unsigned i = 0; i < pixels; i++) {
            gather_one(g, row, x + i, to + i, pixels);
        }
        return;
    }
    const uint32_t first = x * g->step - p->pad_left * g->pitch;
    if (g->run == 9) { /* 3 x 3 of 3 channels: the loops would cost more than they do */
        for (unsigned ky = 0; ky < 3; ky++) {
            const int8_t *from = row[ky * p->dilation_h] + first;
            to = widen(from, 4, g->step, to, pixels);
            to = widen(from + 4, 4, g->step, to, pixels);
        }
    } else {
        int8_t *const *line = row;
        for (unsigned ky = p->kernel_h; ky > 0; ky--, line += p->dilation_h) {
            to = widen(*line + first, g->whole, g->step, to, pixels);
        }
    }
    if (p->merged) {
        merge_three(row, p->dilation_h, first + g->whole, g->step, to, pixels);
    }
}

static patches patches_of(const edge_conv_2d_s8_dsp_params *p, uint32_t pitch) {
    patches g = {.p = p, .pitch = pitch, .step = p->stride_w * pitch, .run = (uint32_t)p->kernel_w * p->depth};
    g.whole = g.run & ~3u;
    g.side_by_side = p->kernel_w == 1 || (p->dilation_w == 1 && pitch == p->depth);
    const unsigned extent = (p->kernel_w - 1u) * p->dilation_w + 1u;
    const unsigned reach = p->in_width + p->pad_left; /* from the first tap of column 0 to the end of the row */
    g.outer = p->out_width;
    if (p->pad_left != 0 || extent + (p->out_width - 1u) * p->stride_w > reach) {
        g.inner = (p->pad_left + p->stride_w - 1u) / p->stride_w;
        g.outer = reach >= extent ? (reach - extent) / p->stride_w + 1 : 0;
    }
    return g;
}

void edge_conv_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_conv_2d_s8_dsp_params *p = op->params;
    (void)state;
    const patches g = patches_of(p, in->pitch);
    const edge_gemm_s8_dsp *m = &p->gemm;
    const bool simple = m->run_count == 1 && m->exact == NULL && !m->narrow; /* one run of a core */
    const edge_gemm_core_s8_dsp core = {m->steps, m->runs[1], out->pitch, m->epilogue};
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        unsigned pixels;
        for (unsigned x = 0; x < p->out_width; x += pixels, y += pixels * out->pitch) {
            const unsigned left = p->out_width - x;
            pixels = left > p->pixels ? p->pixels : left;
            if (pixels == 3 && left != 4) { /* 4 = 2 + 2 */
                gather(&g, row, x, scratch, 3);
                if (simple) {
                    (void)edge_gemm_core3_s8_dsp(scratch, m->stream, y, &core);
                    continue;
                }
            } else if (pixels >= 2) {
                pixels = 2;
                gather(&g, row, x, scratch, 2);
            } else {
                gather_one(&g, row, x, scratch, 1);
            }
            edge_gemm_s8_dsp_pixels(m, scratch, pixels, y, out->pitch);
        }
    }
}
