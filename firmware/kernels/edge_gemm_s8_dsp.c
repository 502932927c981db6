/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-schedule-insns")
#endif

#include "edge_gemm_s8_dsp.h"

#include "edge_dsp.h"
#include "edge_requantize.h"

#if !defined(__ARM_FEATURE_DSP)
/* 256 * sum + offset to int8; the signed form's constants are 0 in the plain one. */
EDGE_DSP_INLINE int8_t output_of(int32_t scaled, int32_t multiplier, int32_t minus_step, int32_t base, unsigned shift) {
    const int32_t high = edge_smmla(scaled, multiplier, (minus_step & (scaled >> 31)) + base);
    return (int8_t)EDGE_DSP_SSAT8_ASR(high >> (shift - 1), 1);
}

EDGE_DSP_INLINE int32_t times_256(int32_t x) {
    return (int32_t)((uint32_t)x << 8);
}

EDGE_DSP_INLINE int8_t exact_output_of(int32_t sum, const int32_t *c) {
    const int64_t t = (int64_t)sum * c[0] + (1 << 30);
    const int32_t high = (int32_t)(t >> 32);
    const int32_t borrow = (int32_t)((uint32_t)high & ~(uint32_t)t) >> 31;
    return edge_clamp_s8((high + borrow + c[1]) >> c[2], -128, 127);
}

/* The twins of the assembly. `pixels` is a constant, and so is `taps`: 1, or those of a window. */
EDGE_DSP_INLINE const uint32_t *core_of(const uint32_t *x, const uint32_t *w, int8_t *y,
                                        const edge_gemm_core_s8_dsp *core, unsigned pixels, unsigned taps) {
    const unsigned words = core->steps * (taps == 1 ? 2 : taps);
    const uint32_t kind = core->epilogue->kind;
    const unsigned shift = (kind & 1) ? 13 : 9;
    const bool is_signed = kind >= EDGE_GEMM_SIGNED_9;
    for (const int8_t *end = y + 2 * core->count; y != end; y += 2) {
        int32_t both[EDGE_GEMM_DSP_PIXELS], lower[EDGE_GEMM_DSP_PIXELS];
        for (unsigned i = 0; i < pixels; i++) {
            both[i] = (int32_t)w[0];
            lower[i] = 0;
        }
        w++;
        const uint32_t *from = x;
        for (const uint32_t *last = w + words; w != last; from += pixels + taps - 1) {
            for (unsigned k = 0; k < taps; k++, w++) {
                const uint32_t low_weights = edge_sxtb16(*w);
                for (unsigned i = 0; i < pixels; i++) {
                    both[i] = edge_smlad(*w, from[i + k], both[i]);
                    lower[i] = edge_smlad(low_weights, from[i + k], lower[i]);
                }
            }
        }
        const int32_t *c = (const int32_t *)w;
        if (kind == EDGE_GEMM_EXACT) {
            w += 7;
            for (unsigned i = pixels; i-- > 0;) {
                const int32_t upper = (int32_t)((uint32_t)both[i] - (uint32_t)lower[i]) >> 8;
                y[i * core->pitch + 1] = exact_output_of(upper, c);
                y[i * core->pitch] = exact_output_of((int32_t)((uint32_t)lower[i] + (uint32_t)c[6]), c + 3);
            }
            continue;
        }
        w += is_signed ? 6 : 3;
        const int32_t base = is_signed ? c[2] : 0;
        const int32_t upper_step = is_signed ? c[1] : 0, lower_step = is_signed ? c[4] : 0;
        const int32_t multiplier = is_signed ? c[3] : c[1], offset = is_signed ? c[5] : c[2];
        for (unsigned i = pixels; i-- > 0;) {
            const int32_t upper = (int32_t)((uint32_t)both[i] - (uint32_t)lower[i]);
            const int32_t scaled = (int32_t)((uint32_t)times_256(lower[i]) + (uint32_t)offset);
            y[i * core->pitch + 1] = output_of(upper, c[0], upper_step, base, shift);
            y[i * core->pitch] = output_of(scaled, multiplier, lower_step, base, shift);
        }
    }
    return w;
}

#define EPILOGUES(of, name, number)                                                                                    \
    const edge_gemm_epilogue_s8_dsp edge_gemm_##of##plain_##name = {.kind = number},                                   \
                                    edge_gemm_##of##signed_##name = {.kind = (number) + EDGE_GEMM_SIGNED_9}
EPILOGUES(, 9_s8_dsp, EDGE_GEMM_PLAIN_9);
EPILOGUES(, 13_s8_dsp, EDGE_GEMM_PLAIN_13);
EPILOGUES(quad_wide_, 9_s8_dsp, EDGE_GEMM_PLAIN_9);
EPILOGUES(quad_wide_, 13_s8_dsp, EDGE_GEMM_PLAIN_13);
EPILOGUES(quad_bytes_, 9_s8_dsp, EDGE_GEMM_PLAIN_9);
EPILOGUES(quad_bytes_, 13_s8_dsp, EDGE_GEMM_PLAIN_13);
const edge_gemm_epilogue_s8_dsp edge_gemm_exact_s8_dsp = {.kind = EDGE_GEMM_EXACT};

const uint32_t *edge_gemm_core2_s8_dsp(const void *x, const uint32_t *stream, int8_t *y,
                                       const edge_gemm_core_s8_dsp *core) {
    return core_of(x, stream, y, core, 2, 1);
}

const uint32_t *edge_gemm_core3_s8_dsp(const void *x, const uint32_t *stream, int8_t *y,
                                       const edge_gemm_core_s8_dsp *core) {
    return core_of(x, stream, y, core, 3, 1);
}

const uint32_t *edge_gemm_window2_s8_dsp(const void *x, const uint32_t *stream, int8_t *y,
                                         const edge_gemm_core_s8_dsp *core) {
    return core_of(x, stream, y, core, 2, 3);
}

const uint32_t *edge_gemm_window3_s8_dsp(const void *x, const uint32_t *stream, int8_t *y,
                                         const edge_gemm_core_s8_dsp *core) {
    return core_of(x, stream, y, core, 3, 3);
}
#endif

/* One pixel at a time. */
const uint32_t *edge_gemm_slow_s8_dsp(const edge_gemm_s8_dsp *g, const uint32_t *x, unsigned pixels,
                                      const uint32_t *stream, uint32_t pairs, int8_t *y, uint32_t pitch) {
    const uint32_t *w = stream;
    for (const int8_t *end = y + 2 * pairs; y != end; y += 2) {
        w++;
        const int32_t *c = (const int32_t *)(w + 2 * g->steps);
        for (unsigned i = pixels; i-- > 0;) {
            int32_t lower = c[0], upper = c[3];
            const uint32_t *from = x + i;
            for (unsigned k = 0; k < 2u * g->steps; k++, from += pixels) {
                const uint32_t low_weights = edge_sxtb16(w[k]);
                lower = edge_smlad(low_weights, *from, lower);
                upper = edge_smlad(edge_sxtb16_ror8(edge_ssub16(w[k], low_weights)), *from, upper);
            }
            int8_t *to = y + i * pitch;
            to[0] = edge_clamp_s8(edge_requantize(lower, c[1], -c[2]) + g->zero_point, -128, 127);
            to[1] = edge_clamp_s8(edge_requantize(upper, c[4], -c[5]) + g->zero_point, -128, 127);
        }
        w += 2 * g->steps + 6;
    }
    return w;
}

static void limit(const edge_gemm_s8_dsp *g, unsigned pixels, int8_t *y, uint32_t pitch) {
    for (; pixels > 0; pixels--, y += pitch) {
        for (unsigned c = 0; c < g->channels; c++) {
            y[c] = edge_clamp_s8(y[c], g->low, g->high);
        }
    }
}

void edge_gemm_s8_dsp_pixels(const edge_gemm_s8_dsp *g, const uint32_t *x, unsigned pixels, int8_t *y, uint32_t pitch) {
    edge_gemm_core_of *const multiply = pixels == 3 ? edge_gemm_core3_s8_dsp : edge_gemm_core2_s8_dsp;
    const uint32_t *w = g->stream;
    const uint16_t *run = g->runs;
    for (unsigned i = g->run_count; i > 0; i--, run += 3) {
        int8_t *to = y + run[0];
        const edge_gemm_core_s8_dsp core = {.steps = g->steps,
                                            .count = run[1],
                                            .pitch = pitch,
                                            .epilogue = run[2] == EDGE_GEMM_FITTED ? g->fitted : g->exact};
        w = run[2] == EDGE_GEMM_IN_SLOW ? g->slow(g, x, pixels, w, run[1], to, pitch) : multiply(x, w, to, &core);
    }
    if (g->narrow) {
        limit(g, pixels, y, pitch);
    }
}
