/* SPDX-License-Identifier: Apache-2.0 */
/* Neighbouring pixels of a row see the same columns: each is widened once for them, and the cores' windows slide over
 * the columns. */
/* Small: the work is in the cores. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")
#endif
#include "edge_conv_2d_3x3_s8_dsp.h"

#include "edge_dsp.h"

enum { KERNEL = 3, AROUND = 2 }; /* AROUND: columns beside a pixel's own */

#if !defined(__ARM_FEATURE_DSP)
/* The twins of the assembly. */
static void gather_of(int8_t *const *row, uint32_t *to, const edge_gather_columns_s8_dsp *g, uint32_t columns) {
    for (unsigned ky = 0; ky < KERNEL; ky++, row += g->down / sizeof *row) {
        for (uint32_t c = 0; c < g->depth; c += 4, to += 2 * columns) {
            for (uint32_t i = 0; i < columns; i++) {
                const uint32_t four = edge_load_word(*row + g->first + i * g->pitch + c);
                to[i] = edge_sxtb16(four);
                to[columns + i] = edge_sxtb16_ror8(four);
            }
        }
    }
}

void edge_gather_columns4_s8_dsp(int8_t *const *row, uint32_t *to, const edge_gather_columns_s8_dsp *g) {
    gather_of(row, to, g, 4);
}

void edge_gather_columns5_s8_dsp(int8_t *const *row, uint32_t *to, const edge_gather_columns_s8_dsp *g) {
    gather_of(row, to, g, 5);
}
#endif

/* Columns from `first` on, wherever they lie. */
static void gather_at_border(const edge_conv_2d_3x3_s8_dsp_params *p, int8_t *const *row, uint32_t pitch, int32_t first,
                             uint32_t *to, uint32_t columns) {
    const uint32_t around = (uint32_t)p->in_zero_point & 0xffffu, padding = around << 16 | around;
    for (uint32_t i = 0; i < columns; i++, first++) {
        uint32_t *at = to + i;
        if ((uint32_t)first >= p->in_width) {
            for (unsigned k = 2u * KERNEL * p->depth / 4; k > 0; k--, at += columns) {
                *at = padding;
            }
            continue;
        }
        for (unsigned ky = 0; ky < KERNEL; ky++) {
            const int8_t *from = row[ky * p->dilation_h] + (uint32_t)first * pitch;
            for (const int8_t *const end = from + p->depth; from != end; from += 4) {
                const uint32_t four = edge_load_word(from);
                *at = edge_sxtb16(four);
                at += columns;
                *at = edge_sxtb16_ror8(four);
                at += columns;
            }
        }
    }
}

void edge_conv_2d_3x3_s8_dsp_pixels(const edge_gemm_s8_dsp *g, const uint32_t *x, unsigned pixels, int8_t *y,
                                    uint32_t pitch) {
    edge_gemm_core_of *const multiply = pixels == 3 ? edge_gemm_window3_s8_dsp : edge_gemm_window2_s8_dsp;
    const uint32_t *w = g->stream;
    const uint16_t *run = g->runs;
    for (unsigned i = g->run_count; i > 0; i--, run += 3) {
        const edge_gemm_core_s8_dsp core = {.steps = g->steps,
                                            .count = run[1],
                                            .pitch = pitch,
                                            .epilogue = run[2] == EDGE_GEMM_FITTED ? g->fitted : g->exact};
        w = multiply(x, w, y + run[0], &core);
    }
}

void edge_conv_2d_3x3_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state) {
    const edge_conv_2d_3x3_s8_dsp_params *p = op->params;
    const edge_gemm_s8_dsp *m = &p->gemm;
    edge_gather_columns_s8_dsp g = {
        .down = p->dilation_h * (uint32_t)sizeof *in->row, .pitch = in->pitch, .depth = p->depth};
    edge_gemm_core_s8_dsp core = {m->steps, m->channels / 2u, out->pitch, m->fitted};
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        unsigned count;
        for (unsigned x = 0; x < p->out_width; x += count, y += count * out->pitch) {
            const unsigned left = p->out_width - x;
            const unsigned pixels = left < 3 || left == 4 ? 2 : p->pixels; /* 4 = 2 + 2 */
            const int32_t first = (int32_t)x - p->pad_left;
            count = left == 1 ? 1 : pixels;
            if (first < 0 || (uint32_t)first + pixels + AROUND > p->in_width) {
                gather_at_border(p, row, in->pitch, first, scratch, pixels + AROUND);
            } else {
                g.first = (uint32_t)first * in->pitch;
                (pixels == 3 ? edge_gather_columns5_s8_dsp : edge_gather_columns4_s8_dsp)(row, scratch, &g);
            }
            core.pitch = left == 1 ? 0 : out->pitch;
            if (m->pixels == NULL) {
                (void)(pixels == 3 ? edge_gemm_window3_s8_dsp : edge_gemm_window2_s8_dsp)(scratch, m->stream, y, &core);
            } else {
                m->pixels(m, scratch, pixels, y, core.pitch);
            }
        }
    }
}
