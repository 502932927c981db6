/* SPDX-License-Identifier: Apache-2.0 */
/* The tail of a context: the ports and row pointers of the operator that runs.
 *
 *   edge_ctx | edge_rows[model->ports] | int8_t *[model->rows]
 *
 * EDGE_CTX_BYTES reserves it; an edge_rows is at most two pointers plus 8 bytes. Where outputs are streamed the last
 * two row pointers are an edge_outlet, so that models without pay nothing. */
#ifndef EDGE_CONTEXT_H
#define EDGE_CONTEXT_H

#include "edge/model.h"

_Static_assert(sizeof(edge_rows) <= 2u * sizeof(void *) + 8u, "EDGE_CTX_BYTES counts the ports too small");
_Static_assert(sizeof(edge_ctx) % sizeof(void *) == 0, "the tail would be misaligned");

/* Where rows of streamed outputs go. */
typedef struct edge_outlet {
    edge_row_sink *sink; /* NULL: nobody takes them */
    void *user;
} edge_outlet;

_Static_assert(sizeof(edge_outlet) == 2u * sizeof(int8_t *), "an outlet takes the place of two row pointers");

static inline bool edge_is_ready(const edge_model *model, const edge_ctx *ctx) {
    return model != NULL && ctx != NULL && ctx->model == model;
}

static inline edge_rows *edge_ctx_ports(edge_ctx *ctx) {
    return (edge_rows *)(void *)(ctx + 1);
}

static inline int8_t **edge_ctx_row_pointers(edge_ctx *ctx, unsigned ports) {
    return (int8_t **)(void *)(edge_ctx_ports(ctx) + ports);
}

/* Only of a model that has streamed outputs. */
static inline edge_outlet *edge_ctx_outlet(const edge_model *model, edge_ctx *ctx) {
    return (edge_outlet *)(void *)(edge_ctx_row_pointers(ctx, model->ports) + model->rows - 2);
}

/* Bytes from a map's first place to row y; of a map that is no ring. */
static inline uint32_t edge_row_place(const edge_map *map, uint32_t y) {
    const uint32_t place = map->kind == EDGE_BYTES       ? map->bytes[y]
                           : map->kind == EDGE_HALFWORDS ? map->halfwords[y]
                                                         : y;
    return place * map->row_stride;
}

/* Where row y of any map in RAM lies. */
static inline int8_t *edge_row_address(const edge_model *model, const edge_ctx *ctx, const edge_map *map, uint32_t y) {
    if (map->kind == EDGE_RING) {
        int8_t *row;
        model->history->rows(model, ctx, map, (int32_t)y, 1, &row);
        return row;
    }
    return (int8_t *)ctx->region[map->region] + map->offset + edge_row_place(map, y);
}

/* The row that the running turn makes next. */
static inline uint32_t edge_next_row(const edge_model *model, const edge_ctx *ctx) {
    const edge_turn *turn = &model->schedule[ctx->turn];
    return (uint32_t)turn->row + (uint32_t)ctx->round * turn->step + ctx->row;
}

/* `rows` of the running turn are done: EDGE_MORE, or EDGE_OK with the last turn, which starts over. */
edge_status edge_advance(const edge_model *model, edge_ctx *ctx, uint32_t rows);

#endif
