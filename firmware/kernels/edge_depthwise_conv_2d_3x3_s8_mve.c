/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_depthwise_conv_2d_3x3_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>

typedef edge_depthwise_conv_2d_3x3_s8_mve_params params;

enum { COLUMN = EDGE_DEPTHWISE_MVE_BLOCK * EDGE_DEPTHWISE_MVE_ROWS /* bytes */ };

static inline void fill(int8_t *to, int32_t columns, int8x16_t value) {
    for (; columns > 0; columns--, to += COLUMN) {
        vstrbq_s8(to, value);
        vstrbq_s8(to + 16, value);
        vstrbq_s8(to + 32, value);
        vstrbq_s8(to + 48, value);
    }
}

static int32_t limit(int32_t x, int32_t low, int32_t high) {
    return x < low ? low : x > high ? high : x;
}

/* Columns [x, end) of the frame to scratch. Those outside it: where `fresh`, else they are there already. */
static inline void copy(const params *p, const edge_depthwise_core_s8_mve *core,
                        edge_depthwise_columns_of_s8_mve *columns, uint32_t channel, int32_t x, int32_t end, int8_t *to,
                        bool fresh) {
    const int32_t first = limit(0, x, end), last = limit(p->in_width, first, end);
    if (fresh) {
        const int8x16_t outside = vdupq_n_s8(p->in_zero_point);
        fill(to, first - x, outside);
        fill(to + (last - x) * COLUMN, end - last, outside);
    }
    if (last > first) {
        columns(to + (first - x) * COLUMN, core, channel + (uint32_t)first * core->in_pitch, (uint32_t)(last - first));
    }
}

/* A row of outputs, and the one below where that is not NULL. */
static void make(const params *p, edge_depthwise_core_s8_mve *core, int8_t *y, int8_t *below, int8_t *columns) {
    const uint32_t stride = p->stride_w, kept = 3 - stride; /* columns that the next outputs read too */
    edge_depthwise_columns_of_s8_mve *const rows =
        below == NULL ? edge_depthwise_columns_3_s8_mve : edge_depthwise_columns_4_s8_mve;
    for (uint32_t channel = 0; channel < p->channels; channel += EDGE_DEPTHWISE_MVE_BLOCK) {
        const int8_t *weights = p->weights + EDGE_DEPTHWISE_MVE_AHEAD + 16u * channel;
        const uint32_t left = p->channels - channel;
        const bool fresh = channel == 0 || p->held < p->out_width;
        uint32_t held = 0, at = channel;
        int32_t x = -(int32_t)p->pad_left;
        core->channels = left < EDGE_DEPTHWISE_MVE_BLOCK ? left : EDGE_DEPTHWISE_MVE_BLOCK;
        core->scale = p->scale + p->scale_words * channel;
        for (uint32_t outputs = p->out_width;;) {
            core->outputs = outputs < p->held ? outputs : p->held;
            const uint32_t next = core->outputs * stride;
            const int32_t end = x + (int32_t)(next + kept - held);
            copy(p, core, rows, channel, x, end, columns + held * COLUMN, fresh);
            p->core(columns, y + at, core, weights);
            if (below != NULL) {
                p->core(columns, below + at, core, weights - 1);
            }
            outputs -= core->outputs;
            if (outputs == 0) {
                break;
            }
            at += core->outputs * core->out_pitch;
            x = end;
            held = kept;
            for (uint32_t i = 0; i < kept * COLUMN; i += 16) {
                vstrbq_s8(columns + i, vldrbq_s8(columns + next * COLUMN + i));
            }
        }
    }
}

void edge_depthwise_conv_2d_3x3_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                       void *scratch, void *state) {
    const params *p = op->params;
    (void)state;
    edge_depthwise_core_s8_mve core = {.in_pitch = in->pitch, .out_pitch = out->pitch, .zero_point = p->zero_point};
    const unsigned most = p->stride_w == 1 ? 2 : 1;
    for (unsigned r = 0; r < span.rows;) {
        const unsigned made = span.rows - r < most ? 1 : most;
        for (unsigned i = 0; i < 2 + made; i++) {
            core.row[i] = in->row[r * p->stride_h + i];
        }
        make(p, &core, out->row[r], made == 2 ? out->row[r + 1] : NULL, scratch);
        r += made;
    }
}

#endif
