/* SPDX-License-Identifier: Apache-2.0 */
/* From turn to turn of the schedule. */
#include "edge/model.h"
#include "edge_context.h"

edge_status edge_advance(const edge_model *model, edge_ctx *ctx, uint32_t rows) {
    const edge_turn *turn = &model->schedule[ctx->turn];
    ctx->row = (uint16_t)(ctx->row + rows);
    if (ctx->row != turn->rows) {
        return EDGE_MORE;
    }
    ctx->row = 0;
    ctx->turn++;
    turn++;
    if (ctx->turn < model->n_turns && turn->op == EDGE_AGAIN) {
        const bool more = ctx->round < turn->rows;
        ctx->turn = (uint16_t)(more ? ctx->turn - turn->row : ctx->turn + 1);
        ctx->round = (uint16_t)(more ? ctx->round + 1 : 0);
    }
    if (ctx->turn < model->n_turns) {
        return EDGE_MORE;
    }
    ctx->turn = 0;
    if (model->history != NULL) {
        model->history->advance(model, ctx);
    }
    return EDGE_OK;
}
