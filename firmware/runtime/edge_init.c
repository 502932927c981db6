/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "edge/model.h"
#include "edge_context.h"

edge_status edge_init(const edge_model *model, edge_ctx *ctx, uint32_t ctx_bytes, uint8_t *const regions[]) {
    if (model == NULL || ctx == NULL || (regions == NULL && model->n_regions > 0) ||
        ctx_bytes < EDGE_CTX_BYTES(model->ports, model->rows)) {
        return EDGE_ERR_ARG;
    }
    for (unsigned i = 0; i < model->n_regions; i++) {
        if (regions[i] == NULL || ((uintptr_t)regions[i] & 15u) != 0) {
            return EDGE_ERR_ARG;
        }
    }
    for (unsigned i = 0; i < EDGE_REGIONS; i++) {
        ctx->region[i] = i < model->n_regions ? regions[i] : NULL;
    }
    ctx->model = model;
    ctx->source = NULL;
    ctx->user = NULL;
    memset(ctx + 1, 0, EDGE_CTX_BYTES(model->ports, model->rows) - sizeof *ctx); /* no sink */
    return edge_reset(model, ctx);
}

edge_status edge_reset(const edge_model *model, edge_ctx *ctx) {
    if (!edge_is_ready(model, ctx)) {
        return EDGE_ERR_ARG;
    }
    ctx->turn = 0;
    ctx->row = 0;
    ctx->round = 0;
    if (model->history != NULL) {
        model->history->clear(model, ctx);
    }
    return EDGE_OK;
}

/* Where row y of an input or output lies, and the rows after it. A ring of such a map is a whole number of calls. */
static void *io_address(const edge_model *model, const edge_ctx *ctx, const edge_io *io, int32_t y) {
    const edge_map *map = &model->maps[io->map];
    return map->kind == EDGE_RING ? (uint8_t *)edge_row_address(model, ctx, map, (uint32_t)y)
                                  : ctx->region[map->region] + map->offset;
}

void *edge_input(const edge_model *model, edge_ctx *ctx, unsigned k) {
    return edge_is_ready(model, ctx) && k < model->n_inputs && !model->inputs[k].streamed
               ? io_address(model, ctx, &model->inputs[k], 0)
               : NULL;
}

void *edge_output(const edge_model *model, edge_ctx *ctx, unsigned k) {
    if (!edge_is_ready(model, ctx) || k >= model->n_outputs || model->outputs[k].streamed) {
        return NULL;
    }
    const edge_io *io = &model->outputs[k];
    return io_address(model, ctx, io,
                      -(int32_t)model->maps[io->map].rows); /* the call has ended: its rows are history */
}
