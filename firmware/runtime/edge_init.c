/* SPDX-License-Identifier: Apache-2.0 */
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
    ctx->sink = NULL;
    ctx->sink_user = NULL;
    return edge_reset(model, ctx);
}

edge_status edge_reset(const edge_model *model, edge_ctx *ctx) {
    if (!edge_is_ready(model, ctx)) {
        return EDGE_ERR_ARG;
    }
    ctx->turn = 0;
    ctx->row = 0;
    return EDGE_OK;
}

static void *io_address(const edge_model *model, const edge_ctx *ctx, const edge_io *io) {
    const edge_map *map = &model->maps[io->map];
    return ctx->region[map->region] + map->offset;
}

void *edge_input(const edge_model *model, edge_ctx *ctx, unsigned k) {
    return edge_is_ready(model, ctx) && k < model->n_inputs && !model->inputs[k].streamed
               ? io_address(model, ctx, &model->inputs[k])
               : NULL;
}

void *edge_output(const edge_model *model, edge_ctx *ctx, unsigned k) {
    return edge_is_ready(model, ctx) && k < model->n_outputs && !model->outputs[k].streamed
               ? io_address(model, ctx, &model->outputs[k])
               : NULL;
}
