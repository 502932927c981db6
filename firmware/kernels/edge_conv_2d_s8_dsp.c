/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_conv_2d_s8_dsp.h"

#include "edge_dsp.h"

/* What the gatherers need to know of a call. Output columns [inner, outer) see no padding, and the cores' gatherers
 * serve them. */
typedef struct patches {
    const edge_conv_2d_s8_dsp_params *p;
    uint32_t pitch, step; /* bytes from pixel to pixel of the input, and from patch to patch */
    uint32_t run, whole;  /* elements of a kernel row, and those of them in whole steps */
    uint32_t padding;     /* four zero points */
    unsigned inner, outer;
    bool side_by_side; /* the pixels of a kernel row are one run of bytes */
    bool row_of_four;  /* an input row has four bytes or more */
} patches;

#if !defined(__ARM_FEATURE_DSP)
/* The twins of the assembly. */
static void gather_of(int8_t *const *row, uint32_t *to, const edge_gather_s8_dsp *g, uint32_t rows, unsigned pixels) {
    int8_t *last = (int8_t *)(to + g->length / 4 * 2 * pixels * rows);
    for (uint32_t ky = 0; ky < rows; ky++, row += g->down / sizeof *row) {
        for (uint32_t k = 0; k < g->length; k += 4, to += 2 * pixels) {
            for (unsigned i = 0; i < pixels; i++) {
                const uint32_t four = edge_load_word(*row + g->first + i * g->step + k);
                to[i] = edge_sxtb16(four);
                to[pixels + i] = edge_sxtb16_ror8(four);
            }
        }
        for (unsigned i = 0; g->merged && i < pixels; i++) {
            const int16_t wide = (*row)[g->first + i * g->step + g->length];
            memcpy(last + 4 * (pixels * (ky & 1) + i) + (ky & 2), &wide, 2);
        }
    }
}

void edge_gather2_s8_dsp(int8_t *const *row, uint32_t *to, const edge_gather_s8_dsp *g, uint32_t rows) {
    gather_of(row, to, g, rows, 2);
}

void edge_gather3_s8_dsp(int8_t *const *row, uint32_t *to, const edge_gather_s8_dsp *g, uint32_t rows) {
    gather_of(row, to, g, rows, 3);
}
#endif

/* Elements [k, k + 4) of a kernel row whose first tap lies in input column `first`, wherever its taps lie. */
static __attribute__((noinline)) uint32_t four_of(const patches *g, const int8_t *row, int32_t first, uint32_t k) {
    const edge_conv_2d_s8_dsp_params *p = g->p;
    uint32_t tap = k / p->depth, channel = k % p->depth, word = 0;
    const uint32_t whole = channel + 4 <= p->depth ? 4 : 1;
    for (uint32_t i = 0; i < 4; i += whole) {
        const int32_t column = first + (int32_t)(tap * p->dilation_w);
        const int8_t *at = row + (uint32_t)column * g->pitch + channel;
        const bool inside = tap < p->kernel_w && (uint32_t)column < p->in_width;
        if (whole == 4) {
            return inside ? edge_load_word(at) : g->padding;
        }
        word |= (inside ? (uint8_t)*at : g->padding & 0xffu) << (8 * i);
        if (++channel == p->depth) {
            channel = 0;
            tap++;
        }
    }
    return word;
}

EDGE_DSP_INLINE uint32_t *put(uint32_t *to, unsigned pixels, uint32_t four) {
    to[0] = edge_sxtb16(four);
    to[pixels] = edge_sxtb16_ror8(four);
    return to + 2 * pixels;
}

/* The patch of one pixel, wherever it lies. */
static __attribute__((noinline)) void gather_one(const patches *g, int8_t *const *row, unsigned x, uint32_t *to,
                                                 unsigned pixels) {
    const edge_conv_2d_s8_dsp_params *p = g->p;
    const int32_t first = (int32_t)(x * p->stride_w) - p->pad_left, end = (int32_t)p->in_width - first;
    const uint32_t length = p->merged ? g->whole : g->run;
    /* Elements [from, until) lie side by side, between padding. */
    const uint32_t from = first < 0 ? (uint32_t)-first * p->depth : 0;
    const uint32_t until = end < p->kernel_w ? (uint32_t)end * p->depth : g->run;
    /* Words at either end of them are taken from four bytes of the row, and shifted. */
    const bool one_end = from == 0 ? until < g->run : until == g->run && (until & 3) == 0;
    const bool side_by_side = g->side_by_side && g->row_of_four && end > 0 && (until >= from + 4 || one_end);
    const uint32_t before = 8 * (from & 3), behind = 8 * (-until & 3);
    uint32_t lone[4] = {0, 0, 0, 0};
    for (unsigned ky = 0; ky < p->kernel_h; ky++, row += p->dilation_h) {
        const int8_t *const at = *row + first * (int32_t)g->pitch;
        uint32_t k = 0;
        if (side_by_side) {
            for (; k + 4 <= from; k += 4) {
                to = put(to, pixels, g->padding);
            }
            if (k < from) {
                to = put(to, pixels, edge_load_word(at + from) << before | g->padding >> (32 - before));
                k += 4;
            }
            for (; k + 4 <= until; k += 4) {
                to = put(to, pixels, edge_load_word(at + k));
            }
            if (k < until && k < length) {
                to = put(to, pixels, edge_load_word(at + until - 4) >> behind | g->padding << (32 - behind));
                k += 4;
            }
            for (; k < length; k += 4) {
                to = put(to, pixels, g->padding);
            }
        }
        for (; k < length; k += 4) {
            to = put(to, pixels, four_of(g, *row, first, k));
        }
        if (p->merged) {
            const bool inside = side_by_side && length >= from && length < until;
            lone[ky] = inside ? (uint32_t)at[length] : edge_sxtb16(four_of(g, *row, first, length));
        }
    }
    if (p->merged) {
        to[0] = edge_pkhbt(lone[0], lone[2]);
        to[pixels] = edge_pkhbt(lone[1], lone[3]);
    }
}

static patches patches_of(const edge_conv_2d_s8_dsp_params *p, uint32_t pitch) {
    patches g = {.p = p, .pitch = pitch, .step = p->stride_w * pitch, .run = (uint32_t)p->kernel_w * p->depth};
    g.whole = g.run & ~3u;
    g.padding = (uint8_t)p->in_zero_point * 0x01010101u;
    g.side_by_side = p->kernel_w == 1 || (p->dilation_w == 1 && pitch == p->depth);
    g.row_of_four = (uint32_t)p->in_width * p->depth >= 4;
    const unsigned extent = (p->kernel_w - 1u) * p->dilation_w + 1u;
    const unsigned reach = p->in_width + p->pad_left; /* from the first tap of column 0 to the end of the row */
    g.outer = p->out_width;
    if (p->pad_left != 0 || extent + (p->out_width - 1u) * p->stride_w > reach) {
        g.inner = (p->pad_left + p->stride_w - 1u) / p->stride_w;
        g.outer = reach >= extent ? (reach - extent) / p->stride_w + 1 : 0;
    }
    if (!g.side_by_side || g.whole == 0 || (g.run != g.whole && !p->merged)) {
        g.outer = 0;
    }
    return g;
}

void edge_conv_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_conv_2d_s8_dsp_params *p = op->params;
    (void)state;
    const patches g = patches_of(p, in->pitch);
    const edge_gemm_s8_dsp *m = &p->gemm;
    edge_gemm_core_s8_dsp core = {m->steps, m->channels / 2u, out->pitch, m->fitted};
    edge_gather_s8_dsp lines = {
        .down = p->dilation_h * (uint32_t)sizeof *in->row, .step = g.step, .length = g.whole, .merged = p->merged};
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        unsigned count;
        for (unsigned x = 0; x < p->out_width; x += count, y += count * out->pitch) {
            const unsigned left = p->out_width - x;
            const unsigned pixels = left < 3 || left == 4 ? 2 : p->pixels; /* 4 = 2 + 2 */
            count = left == 1 ? 1 : pixels;
            core.pitch = left == 1 ? 0 : out->pitch;
            if (left == 1 || x < g.inner || x + count > g.outer) {
                for (unsigned i = 0; i < count; i++) {
                    gather_one(&g, row, x + i, (uint32_t *)scratch + i, pixels);
                }
            } else {
                lines.first = x * g.step - p->pad_left * g.pitch;
                (pixels == 3 ? edge_gather3_s8_dsp : edge_gather2_s8_dsp)(row, scratch, &lines, p->kernel_h);
            }
            if (m->pixels == NULL) {
                (void)(pixels == 3 ? edge_gemm_core3_s8_dsp : edge_gemm_core2_s8_dsp)(scratch, m->stream, y, &core);
            } else {
                m->pixels(m, scratch, pixels, y, core.pitch);
            }
        }
    }
}
