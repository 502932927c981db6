/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of streamed inputs: asked of a source (pull) or given by the application (push). */
#include <string.h>

#include "edge/model.h"
#include "edge_context.h"

edge_status edge_set_source(const edge_model *model, edge_ctx *ctx, edge_row_source *source, void *user) {
    if (!edge_is_ready(model, ctx)) {
        return EDGE_ERR_ARG;
    }
    ctx->source = source;
    ctx->user = user;
    return EDGE_OK;
}

void *edge_wanted(const edge_model *model, const edge_ctx *ctx, unsigned *input, unsigned *row) {
    if (!edge_is_ready(model, ctx) || ctx->turn >= model->n_turns || model->schedule[ctx->turn].op < EDGE_ARRIVAL) {
        return NULL;
    }
    const edge_turn *turn = &model->schedule[ctx->turn];
    const uint32_t y = edge_next_row(model, ctx);
    const unsigned k = turn->op - (unsigned)EDGE_ARRIVAL;
    *input = k < model->n_inputs ? k : 0;
    *row = y;
    return edge_row_address(model, ctx, &model->maps[model->inputs[k].map], y);
}

static bool is_streamed(const edge_model *model) {
    return model->n_inputs > 0 && model->inputs[0].streamed;
}

/* Steps to the next wanted row: EDGE_ROW, or to the end of the run: EDGE_OK. */
static edge_status run_on(const edge_model *model, edge_ctx *ctx) {
    edge_status status;
    do {
        status = edge_step(model, ctx);
    } while (status == EDGE_MORE);
    return status;
}

edge_status edge_push_row(const edge_model *model, edge_ctx *ctx, const void *row) {
    if (!edge_is_ready(model, ctx) || row == NULL || ctx->source != NULL || !is_streamed(model)) {
        return EDGE_ERR_ARG;
    }
    unsigned input, y;
    void *place = edge_wanted(model, ctx, &input, &y);
    if (place == NULL) {
        const edge_status status = run_on(model, ctx);
        if (status != EDGE_ROW) {
            return status;
        }
        place = edge_wanted(model, ctx, &input, &y);
    }
    const edge_map *map = &model->maps[model->inputs[input].map];
    if (place != row) { /* it may have been written there */
        if (model->n_again > 0) {
            return EDGE_ERR_AGAIN;
        }
        memcpy(place, row, (size_t)map->pixels * map->pixel_bytes);
    }
    return edge_advance(model, ctx, 1) == EDGE_OK ? EDGE_OK : run_on(model, ctx);
}
