/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_depthwise_conv_2d_3x3_s8_mve.h"

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>

typedef edge_depthwise_conv_2d_3x3_s8_mve_params params;

enum { MOST_ROWS = 4, TILE = 4 /* outputs */ };

/* Copies frame columns [x, x + count) of `n` channels of one row; those outside the frame become zero points. */
static void copy(const params *p, const int8_t *row, uint32_t pitch, int32_t x, uint32_t count, uint32_t n, int8_t *to,
                 uint32_t column) {
    const mve_pred16_t some = vctp8q(n);
    const int8x16_t outside = vdupq_n_s8(p->in_zero_point);
    for (; count > 0 && x < 0; count--, x++, to += column) {
        vstrbq_p_s8(to, outside, some);
    }
    const int8_t *from = row + (uint32_t)x * pitch;
    for (; count > 0 && x < p->in_width; count--, x++, to += column, from += pitch) {
        vstrbq_p_s8(to, vldrbq_z_s8(from, some), some);
    }
    for (; count > 0; count--, to += column) {
        vstrbq_p_s8(to, outside, some);
    }
}

void edge_depthwise_conv_2d_3x3_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                       void *scratch, void *state) {
    const params *p = op->params;
    (void)state;
    const uint32_t stride = p->stride_w, kept = 3 - stride; /* columns that the next tile reads too */
    const uint32_t made = stride == 1 ? 2 : 1, rows = stride == 1 ? 4 : 3, across = TILE / made;
    const uint32_t block = p->block, column = rows * block;
    int8_t *const columns = scratch;
    edge_depthwise_core_s8_mve core = {
        .x_step = across * stride * column, .y_step = across * out->pitch, .second_window = 2 * stride * column};
    vstrbq_u8(core.element, vmulq_n_u8(vidupq_n_u8(0, 1), (uint8_t)block));
    if (stride == 2) {
        core.element[15] = 0; /* would lie in a sixth column */
    }
    for (unsigned r = 0; r < span.rows; r += made) {
        int8_t *const *row = in->row + r * p->stride_h;
        const bool alone = made == 2 && r + 1u == span.rows; /* the second row is none */
        const uint32_t down = made == 2 && !alone ? (uint32_t)out->row[r + 1] - (uint32_t)out->row[r] : 0;
        core.all = alone ? 0x0f0f : 0xffff;
        for (uint32_t i = 0; i < TILE; i++) {
            core.to[i] = made == 2 ? i / 2 * out->pitch + (i & 1u) * down : i * out->pitch;
        }
        for (uint32_t channel = 0; channel < p->channels; channel += block) {
            const uint32_t left = p->channels - channel, n = left < block ? left : block;
            int8_t *y = out->row[r] + channel;
            int32_t x = -(int32_t)p->pad_left;
            core.weights = p->weights + EDGE_DEPTHWISE_MVE_AHEAD + 16u * channel;
            core.scale = p->scale + 2u * channel;
            core.end = core.scale + 2u * n;
            uint32_t held = 0;
            for (uint32_t outputs = p->out_width; outputs > 0;) {
                const uint32_t most = (outputs + across - 1) / across, tiles = most < p->tiles ? most : p->tiles;
                const uint32_t width = tiles * across < outputs ? tiles * across : outputs;
                const uint32_t count = tiles * across * stride + kept - held;
                for (unsigned i = 0; i < rows; i++) {
                    const int8_t *from = row[alone && i == MOST_ROWS - 1 ? i - 1 : i];
                    copy(p, from + channel, in->pitch, x, count, n, columns + held * column + i * block, column);
                }
                x += (int32_t)count;
                const uint32_t last = width - (tiles - 1) * across; /* outputs of the last tile, in a row */
                core.tiles = tiles - 1;
                core.last = core.all & (uint32_t)((1u << (4 * made * last)) - 1);
                p->core(columns, y, &core);
                y += width * out->pitch;
                outputs -= width;
                held = kept;
                for (uint32_t i = 0; i < kept * column; i += 16) {
                    vstrbq_s8(columns + i, vldrbq_s8(columns + tiles * core.x_step + i));
                }
            }
        }
    }
}

#endif
