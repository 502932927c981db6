/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that stay between the calls of a model over time. Such a map is a ring: row y of a call, y negative for the rows
 * of the calls before, lies in slot (head + y) mod ring. Nothing is copied; heads move. */
#include <string.h>

#include "edge/model.h"
#include "edge_context.h"

/* The heads of the rings: the slot of each map's first row in the call that runs, or that is next. */
static uint16_t *heads_of(const edge_model *model, const edge_ctx *ctx) {
    return (uint16_t *)(void *)(ctx->region[model->heads_region] + model->heads);
}

/* The slot of row y of a ring, y >= -ring. */
static uint32_t slot_of(const edge_model *model, const edge_ctx *ctx, const edge_map *map, int32_t y) {
    const uint32_t ring = map->ring->slots;
    uint32_t slot = (uint32_t)(heads_of(model, ctx)[map->ring->head] + (int32_t)ring + y);
    for (unsigned turns = 0; turns < 2 && slot >= ring; turns++) {
        slot -= ring;
    }
    return slot < ring ? slot : slot % ring; /* far down a call that is longer than the ring; a core may not divide */
}

static void clear(const edge_model *model, const edge_ctx *ctx) {
    memset(heads_of(model, ctx), 0, model->rings * sizeof(uint16_t));
    for (unsigned i = 0; i < model->n_maps; i++) {
        const edge_map *map = &model->maps[i];
        if (map->kind == EDGE_RING && map->pad_row != NULL) { /* of the names of a ring, one that is padded */
            memset(ctx->region[map->region] + map->offset, *map->pad_row, map->ring->slots * map->row_stride);
        }
    }
}

static void advance(const edge_model *model, const edge_ctx *ctx) {
    uint16_t *heads = heads_of(model, ctx);
    for (unsigned i = 0; i < model->n_maps; i++) {
        const edge_map *map = &model->maps[i];
        if (map->kind == EDGE_RING) {
            heads[map->ring->head] = (uint16_t)slot_of(model, ctx, map, map->rows);
        }
    }
}

static int8_t **rows(const edge_model *model, const edge_ctx *ctx, const edge_map *map, int32_t y, int32_t count,
                     int8_t **pointers) {
    int8_t *const base = (int8_t *)ctx->region[map->region] + map->offset;
    uint32_t slot = slot_of(model, ctx, map, y);
    for (int32_t i = 0; i < count; i++) {
        *pointers++ = base + slot * map->row_stride;
        slot = slot + 1 < map->ring->slots ? slot + 1 : 0;
    }
    return pointers;
}

const edge_history edge_rings = {.clear = clear, .advance = advance, .rows = rows};
