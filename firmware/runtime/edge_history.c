/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that stay between the calls of a model over time. Such a map is a ring: row y of a call, y negative for the rows
 * of the calls before, lies in slot (head + y) mod ring. Nothing is copied; heads move. */
#include <string.h>

#include "edge/model.h"
#include "edge_context.h"

void edge_history_clear(const edge_model *model, const edge_ctx *ctx) {
    if (model->rings == 0) {
        return;
    }
    memset(edge_heads(model, ctx), 0, model->rings * sizeof(uint16_t));
    for (unsigned i = 0; i < model->n_maps; i++) {
        const edge_map *map = &model->maps[i];
        if (map->ring > 0 && map->pad_row != NULL) { /* of the names of a ring, one that is padded */
            memset(ctx->region[map->region] + map->offset, *map->pad_row, map->ring * map->row_stride);
        }
    }
}

void edge_history_advance(const edge_model *model, const edge_ctx *ctx) {
    if (model->rings == 0) {
        return;
    }
    uint16_t *heads = edge_heads(model, ctx);
    for (unsigned i = 0; i < model->n_maps; i++) {
        const edge_map *map = &model->maps[i];
        if (map->ring > 0) {
            heads[map->head] = (uint16_t)edge_slot(model, ctx, map, map->rows);
        }
    }
}
