/* SPDX-License-Identifier: Apache-2.0 */
/* Small: the work is in the assembly. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")
#endif

#include "edge_fully_connected_s8_dsp.h"

#include "edge_dsp.h"
#include "edge_gemm_s8_dsp.h"
#include "edge_requantize.h"

#if !defined(__ARM_FEATURE_DSP)
/* The twins of the assembly. A quad's stream is that of two pairs, so each is computed as a pair of its own. */
static int8_t output_of(int32_t scaled, int32_t multiplier, int32_t minus_step, int32_t base, uint32_t kind) {
    const int32_t high = edge_smmla(scaled, multiplier, (minus_step & (scaled >> 31)) + base);
    return (int8_t)edge_saturate_s8(high >> ((kind & 1) ? 13 : 9));
}

static const uint32_t *quads_of(const uint32_t *x, const int8_t *bytes, const uint32_t *w, int8_t *y,
                                const edge_gemm_core_s8_dsp *core) {
    const uint32_t kind = core->epilogue->kind;
    const bool is_signed = kind >= EDGE_GEMM_SIGNED_9;
    for (uint32_t quad = 0; quad < core->count; quad++, y += 4) {
        const uint32_t *constants = w + 2 + 4 * core->steps;
        for (unsigned pair = 0; pair < 2; pair++) {
            int32_t both = (int32_t)w[pair], lower = 0;
            for (uint32_t k = 0; k < 2 * core->steps; k++) {
                const uint32_t four = bytes != NULL ? edge_load_word(bytes + 4 * (k / 2)) : 0;
                const uint32_t two = bytes == NULL ? x[k] : (k & 1) ? edge_sxtb16_ror8(four) : edge_sxtb16(four);
                const uint32_t weights = w[2 + 2 * k + pair];
                both = edge_smlad(weights, two, both);
                lower = edge_smlad(edge_sxtb16(weights), two, lower);
            }
            const int32_t *c = (const int32_t *)constants;
            constants += is_signed ? 6 : 3;
            const int32_t upper = (int32_t)((uint32_t)both - (uint32_t)lower);
            const int32_t offset = is_signed ? c[5] : c[2];
            const int32_t scaled = (int32_t)(((uint32_t)lower << 8) + (uint32_t)offset);
            const int32_t base = is_signed ? c[2] : 0;
            y[2 * pair + 1] = output_of(upper, c[0], is_signed ? c[1] : 0, base, kind);
            y[2 * pair] = output_of(scaled, is_signed ? c[3] : c[1], is_signed ? c[4] : 0, base, kind);
        }
        w = constants;
    }
    return w;
}

const uint32_t *edge_gemm_quad_wide_s8_dsp(const void *x, const uint32_t *stream, int8_t *y,
                                           const edge_gemm_core_s8_dsp *core) {
    return quads_of(x, NULL, stream, y, core);
}

const uint32_t *edge_gemm_quad_bytes_s8_dsp(const void *x, const uint32_t *stream, int8_t *y,
                                            const edge_gemm_core_s8_dsp *core) {
    return quads_of(NULL, x, stream, y, core);
}
#endif

/* An item's elements widened; pixels need not be whole steps. */
static void widen(const edge_fully_connected_s8_dsp_params *p, const int8_t *x, uint32_t pitch, uint32_t *to) {
    const uint32_t runs = pitch == p->item_channels ? 1 : p->item_width;
    const uint32_t length = runs == 1 ? p->depth : p->item_channels;
    uint32_t index = 0;
    for (unsigned i = 0; i < runs; i++, x += pitch) {
        uint32_t k = 0;
        if ((index & 3) == 0) {
            for (; k + 4 <= length; k += 4, index += 4) {
                const uint32_t four = edge_load_word(x + k);
                to[index / 2] = edge_sxtb16(four);
                to[index / 2 + 1] = edge_sxtb16_ror8(four);
            }
        }
        for (; k < length; k++, index++) {
            const int16_t wide = x[k];
            memcpy((int8_t *)(to + ((index >> 2) * 2 + (index & 1))) + (index & 2), &wide, 2);
        }
    }
}

void edge_fully_connected_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                 void *scratch, void *state) {
    const edge_fully_connected_s8_dsp_params *p = op->params;
    (void)state;
    edge_gemm_core_s8_dsp core = {.steps = p->steps, .epilogue = p->epilogue};
    /* in->y says which row in->row[0] is: output rows may begin in the middle of it. */
    uint32_t index = (uint32_t)span.y * p->width;
    const uint32_t first_row = (uint32_t)in->y;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *y = out->row[r];
        for (unsigned i = 0; i < p->width; i++, index++, y += out->pitch) {
            const int8_t *x = in->row[index / p->row_items - first_row];
            x += (index % p->row_items) * p->item_width * in->pitch;
            const void *from = x;
            if (scratch != NULL) {
                widen(p, x, in->pitch, scratch);
                from = scratch;
            }
            core.count = p->quads;
            const uint32_t *stream = p->multiply(from, p->stream, y, &core);
            if ((p->channels & 3) != 0) {
                core.count = 1;
                (void)p->multiply(from, stream, y + p->channels - 4, &core);
            }
            for (unsigned c = 0; p->narrow && c < p->channels; c++) {
                y[c] = edge_clamp_s8(y[c], p->low, p->high);
            }
        }
    }
}
