/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_fully_connected_s8_packed.h"

#include <stddef.h>

#include "edge_dot_fours_s8_packed.h"
#include "edge_dot_s8_packed.h"
#include "edge_multiply_high.h"
#include "edge_requantize.h"

/* Groups of elements widened at a time, and channels whose sums are kept meanwhile; whole fours. Both on the stack, of
 * which boards with Armv6-M have little. */
#if defined(__arm__) && !defined(__thumb2__)
enum { GROUPS = 4, BLOCK = 16 };
#else
enum { GROUPS = 16, BLOCK = 64 };
#endif

/* One batch item as runs of consecutive bytes: `runs` in a row, `step` bytes apart. */
typedef struct item {
    int8_t *const *row;
    uint32_t offset; /* of its first byte in each row */
    uint32_t runs, step, length;
} item;

/* How far an item was read: x is what comes next, `left` elements of its run. */
typedef struct cursor {
    const int8_t *x;
    uint32_t row, run, left;
} cursor;

static cursor begin(const item *source) {
    return (cursor){source->row[0] + source->offset, 0, 0, source->length};
}

static int32_t next(const item *source, cursor *at) {
    if (at->left == 0) {
        if (++at->run == source->runs) {
            at->run = 0;
            at->row++;
        }
        at->x = source->row[at->row] + source->offset + at->run * source->step;
        at->left = source->length;
    }
    at->left--;
    return *at->x++;
}

static inline void set(edge_wide_group *to, int32_t x0, int32_t x1, int32_t x2, int32_t x3) {
    to->start = EDGE_PACKED_FIELDS - (uint32_t)(x0 + x1 + x2 + x3) * (128 * 0x10001u);
    to->x[0] = x0;
    to->x[1] = x1;
    to->x[2] = x2;
    to->x[3] = x3;
}

/* The next n groups, of which `elements` exist. */
static void widen(const item *source, cursor *at, uint32_t n, uint32_t elements, edge_wide_group *to) {
    const edge_wide_group *end = to + n;
    do {
        const uint32_t whole = at->left / EDGE_PACKED_GROUP, wanted = (uint32_t)(end - to);
        const edge_wide_group *stop = to + (whole < wanted ? whole : wanted);
        const uint32_t taken = (uint32_t)(stop - to) * EDGE_PACKED_GROUP;
        for (const int8_t *x = at->x; to != stop; x += EDGE_PACKED_GROUP) {
            set(to++, x[0], x[1], x[2], x[3]);
        }
        at->x += taken;
        at->left -= taken;
        elements -= taken;
        if (to != end) { /* goes on in another run, or ends the item */
            int32_t x[EDGE_PACKED_GROUP] = {0};
            for (uint32_t i = 0; i < EDGE_PACKED_GROUP && elements > 0; i++, elements--) {
                x[i] = next(source, at);
            }
            set(to++, x[0], x[1], x[2], x[3]);
        }
    } while (to != end);
}

/* Where the constants of the next channel stand. */
typedef struct place {
    const int16_t *rest;
    const edge_packed_scale *scale;
    const int32_t *step;
    int8_t *y;
} place;

/* TFLite's two roundings. */
static __attribute__((noinline)) int32_t exact_output(const edge_gemm_s8_packed *g, int32_t index, int32_t sum) {
    const edge_packed_exact *k = (const edge_packed_exact *)g->exact + index;
    return edge_requantize(sum + k->bias, k->multiplier, k->shift) + g->zero_point;
}

/* An element by its index. */
static int32_t element(const item *source, uint32_t i) {
    uint32_t row = 0, run = 0;
    for (; i >= source->length; i -= source->length) {
        if (++run == source->runs) {
            run = 0;
            row++;
        }
    }
    return source->row[row][source->offset + run * source->step + i];
}

static inline __attribute__((always_inline)) void output(const edge_gemm_s8_packed *g, const item *source, int32_t sum,
                                                         int32_t output_shift, place *k) {
    if (k->rest != NULL) {
        for (int32_t i; (i = *k->rest++) >= 0;) {
            sum += element(source, (uint32_t)i) * *k->rest++ + EDGE_PACKED_FIELD;
        }
    }
    const int32_t multiplier = k->scale->multiplier, offset = k->scale->offset;
    k->scale++;
    int32_t y;
    if (multiplier == 0) {
        y = exact_output(g, offset, sum);
    } else {
        const int32_t t = sum * 256 + offset;
        y = edge_multiply_high(t, multiplier);
        if (k->step != NULL) {
            y += g->base - (t >> 31 & *k->step);
        }
        y >>= output_shift;
    }
    k->step += k->step != NULL;
    *k->y++ = (int8_t)edge_limit(y, g->low, g->high);
}

/* The outputs of n channels. */
static void finish(const edge_gemm_s8_packed *g, const item *source, const edge_pair_sums *pairs, uint32_t n,
                   place *at) {
    place k = *at;
    const int32_t output_shift = g->output_shift;
    for (const int8_t *end = k.y + n;; pairs++) {
        output(g, source, (int32_t)(pairs->all - (pairs->upper << 16)), output_shift, &k);
        if (k.y == end) {
            break;
        }
        output(g, source, (int32_t)pairs->upper, output_shift, &k);
        if (k.y == end) {
            break;
        }
    }
    *at = k;
}

static void multiply(const edge_fully_connected_s8_packed_params *p, const item *source, int8_t *y) {
    const edge_gemm_s8_packed *g = &p->gemm;
    const uint32_t *w = (const uint32_t *)(const void *)g->weights;
    const uint32_t elements = (uint32_t)p->item_rows * p->item_width * p->item_channels, depth = g->depth;
    place at = {g->rest, (const edge_packed_scale *)g->scale, g->step, y};
    for (uint32_t left = g->channels; left > 0;) {
        edge_pair_sums sums[BLOCK / 2];
        const uint32_t n = left < BLOCK ? left : BLOCK, fours = (n + 3) / 4;
        for (uint32_t i = 0; i < 2 * fours; i++) {
            sums[i] = (edge_pair_sums){0, 0};
        }
        cursor from = begin(source);
        for (uint32_t k = 0; k < depth;) {
            edge_wide_group groups[GROUPS];
            const uint32_t more = (depth - k) / EDGE_PACKED_GROUP, count = more < GROUPS ? more : GROUPS;
            widen(source, &from, count, elements - k, groups);
            edge_dot_fours_s8_packed(groups, w + k, count, 2 * fours, sums, 4 * depth);
            k += EDGE_PACKED_GROUP * count;
        }
        finish(g, source, sums, n, &at);
        w += fours * depth;
        left -= n;
    }
}

void edge_fully_connected_s8_packed(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                    void *scratch, void *state) {
    const edge_fully_connected_s8_packed_params *p = op->params;
    (void)scratch;
    (void)state;
    item source = {.runs = p->item_width, .step = in->pitch, .length = p->item_channels};
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
            multiply(p, &source, y);
        }
    }
}
