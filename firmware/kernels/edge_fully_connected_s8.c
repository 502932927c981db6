/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_fully_connected_s8.h"

#include "edge_gemm_s8.h"

/* One batch item as runs of consecutive bytes: `runs` in a row, `step` bytes apart. */
typedef struct item {
    int8_t *const *row;
    uint32_t offset; /* of its first byte in each row */
    uint32_t rows, runs, step, length;
} item;

static int32_t sum_of(const item *source) {
    int32_t sum = 0;
    for (unsigned r = 0; r < source->rows; r++) {
        const int8_t *x = source->row[r] + source->offset;
        for (unsigned i = 0; i < source->runs; i++, x += source->step) {
            for (unsigned c = 0; c < source->length; c++) {
                sum += x[c];
            }
        }
    }
    return sum;
}

static void multiply(const edge_gemm_s8 *g, const item *source, int32_t correction, int8_t *y) {
    for (unsigned c = 0; c < g->channels; c += 4) {
        edge_gemm_s8_quad quad;
        edge_gemm_s8_begin(g, c, &quad);
        for (unsigned i = 0; i < 4; i++) {
            quad.sum[i] += correction;
        }
        for (unsigned r = 0; r < source->rows; r++) {
            const int8_t *x = source->row[r] + source->offset;
            for (unsigned i = 0; i < source->runs; i++, x += source->step) {
                edge_gemm_s8_add(&quad, x, source->length);
            }
        }
        edge_gemm_s8_end(g, c, &quad, y);
    }
}

void edge_fully_connected_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state) {
    const edge_fully_connected_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    const edge_gemm_s8 g = {.weights = p->weights,
                            .bias = p->bias,
                            .multiplier = p->multiplier,
                            .right = p->right,
                            .depth = p->depth,
                            .channels = p->channels,
                            .scale_mask = p->scale_mask,
                            .zero_point = p->zero_point,
                            .low = p->low,
                            .high = p->high,
                            .narrow = p->narrow};
    item source = {.rows = p->item_rows, .runs = p->item_width, .step = in->pitch, .length = p->item_channels};
    if (in->pitch == p->item_channels) {
        source.length *= source.runs;
        source.runs = 1;
    }
    /* Rows of the map may begin in the middle of an item row: in->y says which row in->row[0] is. */
    uint32_t index = (uint32_t)span.y * p->width;
    const uint32_t first_row = (uint32_t)in->y;
    for (unsigned r = 0; r < span.rows; r++) {
        int8_t *y = out->row[r];
        for (unsigned i = 0; i < p->width; i++, index++, y += out->pitch) {
            if (p->row_items == 1) {
                source.row = in->row + (index * p->item_rows - first_row);
                source.offset = 0;
            } else {
                source.row = in->row + (index / p->row_items - first_row);
                source.offset = (index % p->row_items) * p->item_width * in->pitch;
            }
            const int32_t correction = p->filter_zero_point != 0 ? -p->filter_zero_point * sum_of(&source) : 0;
            multiply(&g, &source, correction, y);
        }
    }
}
