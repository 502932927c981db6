/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_depthwise_conv_2d_s8.h"

#include "edge_requantize.h"

/* Kernel columns [from, to) of one output column lie in the frame; the first of them reads input column `column`. */
typedef struct columns {
    uint32_t from, to, column;
} columns;

static columns columns_inside(const edge_depthwise_conv_2d_s8_params *p, unsigned x) {
    const int32_t first = (int32_t)(x * p->stride_w) - p->pad_left;
    int32_t from = first < 0 ? (-first + p->dilation_w - 1) / p->dilation_w : 0;
    int32_t to = first < p->in_width ? (p->in_width - first + p->dilation_w - 1) / p->dilation_w : 0;
    to = to < p->kernel_w ? to : p->kernel_w;
    from = from < to ? from : to;
    return (columns){(uint32_t)from, (uint32_t)to, (uint32_t)(first + from * p->dilation_w)};
}

static int32_t sum_of(const int8_t *weights, uint32_t n) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += weights[i];
    }
    return sum;
}

/* The sum of one output. row[ky * dilation_h] are its input rows; x is the offset of its first column inside. */
static int32_t convolve(const edge_depthwise_conv_2d_s8_params *p, int8_t *const *row, uint32_t x, uint32_t step,
                        const columns *inside, const int8_t *weights, int32_t sum) {
    const uint32_t n = inside->to - inside->from;
    for (unsigned ky = 0; ky < p->kernel_h; ky++, row += p->dilation_h, weights += p->kernel_w) {
        const int8_t *w = weights + inside->from;
        const int8_t *source = *row + x;
        for (const int8_t *end = w + n; w != end; source += step) {
            sum += *source * *w++;
        }
        if (n != p->kernel_w) {
            sum += p->in_zero_point *
                   (sum_of(weights, inside->from) + sum_of(weights + inside->to, p->kernel_w - inside->to));
        }
    }
    return sum;
}

void edge_depthwise_conv_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                               void *scratch, void *state) {
    const edge_depthwise_conv_2d_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    const uint32_t taps = (uint32_t)p->kernel_h * p->kernel_w;
    const uint32_t step = (uint32_t)p->dilation_w * in->pitch;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *const *row = in->row + r * p->stride_h;
        int8_t *y = out->row[r];
        for (unsigned x = 0; x < p->out_width; x++, y += out->pitch) {
            const columns inside = columns_inside(p, x);
            const uint32_t offset = inside.from < inside.to ? inside.column * in->pitch : 0;
            const int8_t *weights = p->weights;
            unsigned channel = 0;
            for (unsigned c = 0; c < p->in_channels; c++) {
                for (unsigned m = 0; m < p->multiplicity; m++, channel++, weights += taps) {
                    const int32_t sum = convolve(p, row, offset + c, step, &inside, weights, p->bias[channel]);
                    const int32_t value = edge_requantize(sum, p->multiplier[channel], -p->right[channel]);
                    y[channel] = edge_clamp_s8(value + p->zero_point, p->low, p->high);
                }
            }
        }
    }
}
