/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_product_key_memory_s8.h"

#include <string.h>

#include "edge_requantize.h"

typedef edge_product_key_memory_s8_params params;

enum { ONE = 256 /* the sum of a head's weights */ };

typedef struct found {
    int32_t score; /* in the end: the weight */
    uint32_t index;
} found;

/* The best so far, best first; of equal scores what came first stays first. */
typedef struct best {
    found *entry;
    unsigned count, most;
} best;

static void insert(best *b, int32_t score, uint32_t index) {
    unsigned at = b->count;
    if (at == b->most) {
        if (score <= b->entry[at - 1].score) {
            return;
        }
        at--;
    } else {
        b->count++;
    }
    for (; at > 0 && b->entry[at - 1].score < score; at--) {
        b->entry[at] = b->entry[at - 1];
    }
    b->entry[at] = (found){score, index};
}

static void find_keys(const params *p, const int8_t *query, const int8_t *key, best *b) {
    b->count = 0;
    for (uint32_t i = 0; i < p->sub_keys; i++, key += p->half) {
        int32_t score = 0;
        for (uint32_t e = 0; e < p->half; e++) {
            score += (query[e] - p->in_zero_point) * key[e];
        }
        insert(b, score, i);
    }
}

/* Pair (i, j) comes after (i + 1) * (j + 1) - 1 others, so that few can be among the best. */
static void find_pairs(const params *p, const best *first, const best *second, best *b) {
    b->count = 0;
    for (unsigned i = 0; i < p->neighbours; i++) {
        for (unsigned j = 0; (i + 1u) * (j + 1u) <= p->neighbours; j++) {
            insert(b, first->entry[i].score + second->entry[j].score,
                   first->entry[i].index * p->sub_keys + second->entry[j].index);
        }
    }
}

/* Scores become weights that sum to ONE; `remainder` has a word for each. */
static void weigh(const params *p, best *b, found *remainder) {
    const int32_t top = b->entry[0].score;
    uint32_t total = 0;
    int32_t left = ONE;
    for (unsigned i = 0; i < b->count; i++) {
        const int32_t difference = top - b->entry[i].score;
        int32_t at = edge_requantize(difference < p->limit ? difference : p->limit, p->multiplier, p->shift);
        at = at > 255 ? 255 : at;
        remainder[i].index = p->exponentials[at];
        total += p->exponentials[at];
    }
    for (unsigned i = 0; i < b->count; i++) {
        const uint32_t scaled = remainder[i].index * (uint32_t)ONE;
        b->entry[i].score = (int32_t)(scaled / total);
        remainder[i].score = (int32_t)(scaled % total);
        left -= b->entry[i].score;
    }
    for (; left > 0; left--) { /* to the largest remainder, which then has had its share */
        unsigned largest = 0;
        for (unsigned i = 1; i < b->count; i++) {
            largest = remainder[i].score > remainder[largest].score ? i : largest;
        }
        b->entry[largest].score++;
        remainder[largest].score = -1;
    }
}

static void add_values(const params *p, const best *b, int32_t *sums) {
    for (unsigned i = 0; i < b->count; i++) {
        const int8_t *value = p->values + b->entry[i].index * p->units;
        const int32_t weight = b->entry[i].score;
        for (uint32_t u = 0; u < p->units && weight > 0; u++) {
            sums[u] += weight * value[u];
        }
    }
}

void edge_product_key_memory_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                void *scratch, void *state) {
    const params *p = op->params;
    found *lists = scratch;
    best first = {lists, 0, p->neighbours};
    best second = {lists + p->neighbours, 0, p->neighbours};
    best pairs = {lists + 2u * p->neighbours, 0, p->neighbours};
    int32_t *sums = (int32_t *)(lists + 3u * p->neighbours);
    const uint32_t keys = (uint32_t)p->sub_keys * p->half;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const int8_t *x = in->row[r];
        int8_t *y = out->row[r];
        for (unsigned o = 0; o < p->width; o++, x += in->pitch, y += out->pitch) {
            const int8_t *query = x, *key = p->keys;
            memset(sums, 0, p->units * sizeof *sums);
            for (unsigned head = 0; head < p->heads; head++, query += 2u * p->half, key += 2u * keys) {
                find_keys(p, query, key, &first);
                find_keys(p, query + p->half, key + keys, &second);
                find_pairs(p, &first, &second, &pairs);
                weigh(p, &pairs, first.entry);
                add_values(p, &pairs, sums);
            }
            for (uint32_t u = 0; u < p->units; u++) {
                const int32_t scaled = edge_requantize(sums[u], p->out_multiplier, p->out_shift);
                y[u] = edge_clamp_s8(scaled + p->zero_point, -128, 127);
            }
        }
    }
}
