/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_conv_2d_s8_dsp.h"

#include "edge_dsp.h"

/* The patches of up to three neighbouring output pixels, from one kernel row on. */
typedef struct patches {
    const edge_conv_2d_s8_dsp_params *p;
    unsigned pixels;
    uint32_t pitch;
    uint32_t run, whole; /* elements of a kernel row, and those of them in whole steps */
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

/* Element `index` of a pixel. */
static inline void put(uint32_t *to, unsigned pixels, unsigned pixel, uint32_t index, int8_t value) {
    const int16_t wide = value;
    uint32_t *word = to + ((index >> 2) * 2 + (index & 1)) * pixels + pixel;
    memcpy((int8_t *)word + (index & 2), &wide, 2);
}

/* Kernel row ky of one pixel that lies at the border, or whose pixels do not lie side by side. */
static __attribute__((noinline)) void gather_taps(const patches *g, const int8_t *line, int32_t column, unsigned ky,
                                                  unsigned pixel, uint32_t *to) {
    const edge_conv_2d_s8_dsp_params *p = g->p;
    uint32_t index = 0;
    const uint32_t tail = g->pixels * 2 * (p->kernel_h - ky) * (g->whole / 4); /* words from `to` to the last step */
    for (unsigned kx = 0; kx < p->kernel_w; kx++, column += p->dilation_w) {
        const bool inside = (uint32_t)column < p->in_width;
        const int8_t *x = line + column * (int32_t)g->pitch;
        for (unsigned c = 0; c < p->depth; c++, index++) {
            const int8_t value = inside ? x[c] : p->in_zero_point;
            if (p->merged && index == g->whole) {
                put(to + tail, g->pixels, pixel, ky, value);
            } else {
                put(to, g->pixels, pixel, index, value);
            }
        }
    }
}

/* The patches from output column x on; row[0] is their first input row. */
EDGE_DSP_INLINE void gather(const patches *g, int8_t *const *row, unsigned x, uint32_t *to, unsigned pixels) {
    const edge_conv_2d_s8_dsp_params *p = g->p;
    const int32_t first = (int32_t)(x * p->stride_w) - p->pad_left;
    const int32_t last = first + (int32_t)((pixels - 1) * p->stride_w) + (p->kernel_w - 1) * p->dilation_w;
    const bool side_by_side = p->kernel_w == 1 || (p->dilation_w == 1 && g->pitch == p->depth);
    const uint32_t step = p->stride_w * g->pitch;
    const bool fast = first >= 0 && last < p->in_width && side_by_side;
    const uint32_t left = g->run - g->whole;
    for (unsigned ky = 0; ky < p->kernel_h; ky++, row += p->dilation_h) {
        uint32_t *next = to + 2 * pixels * ((g->run + (p->merged ? 0 : 3)) / 4);
        if (fast) {
            const int8_t *from = *row + (uint32_t)first * g->pitch;
            uint32_t *rest = widen(from, g->whole, step, to, pixels);
            if (left != 0 && !p->merged) {
                for (unsigned i = 0; i < pixels; i++) {
                    for (unsigned k = 0; k < left; k++) {
                        put(rest, pixels, i, k, from[g->whole + k + i * step]);
                    }
                }
            }
        } else {
            for (unsigned i = 0; i < pixels; i++) {
                gather_taps(g, *row, first + (int32_t)(i * p->stride_w), ky, i, to);
            }
        }
        to = next;
    }
    if (p->merged && fast) {
        row -= p->kernel_h * p->dilation_h;
        for (unsigned ky = 0; ky < p->kernel_h; ky++, row += p->dilation_h) {
            const int8_t *from = *row + (uint32_t)first * g->pitch + g->whole;
            for (unsigned i = 0; i < pixels; i++) {
                put(to, pixels, i, ky, from[i * step]);
            }
        }
    }
}

void edge_conv_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_conv_2d_s8_dsp_params *p = op->params;
    (void)state;
    uint32_t *wide = scratch;
    patches g = {.p = p, .pitch = in->pitch, .run = (uint32_t)p->kernel_w * p->depth};
    g.whole = g.run & ~3u;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        for (unsigned x = 0; x < p->out_width; x += g.pixels, y += g.pixels * out->pitch) {
            const unsigned left = p->out_width - x;
            g.pixels = left == 4 && p->pixels == 3 ? 2 : left < p->pixels ? left : p->pixels; /* 4 = 2 + 2 */
            if (g.pixels == 3) {
                gather(&g, row, x, wide, 3);
            } else if (g.pixels == 2) {
                gather(&g, row, x, wide, 2);
            } else {
                gather(&g, row, x, wide, 1);
            }
            edge_gemm_s8_dsp_pixels(&p->gemm, wide, g.pixels, y, out->pitch);
        }
    }
}
