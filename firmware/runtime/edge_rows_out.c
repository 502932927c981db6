/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of streamed outputs: given to a sink by the call that makes them. */
#include "edge/model.h"
#include "edge_context.h"

edge_status edge_set_sink(const edge_model *model, edge_ctx *ctx, edge_row_sink *sink, void *user) {
    if (!edge_is_ready(model, ctx) || model->leave == NULL) {
        return EDGE_ERR_ARG;
    }
    *edge_ctx_outlet(model, ctx) = (edge_outlet){sink, user};
    return EDGE_OK;
}

/* The rows of output k that a port's view has, the first of them row `first` of its map. */
static void give(const edge_outlet *outlet, unsigned k, int32_t first, const edge_rows *made) {
    for (unsigned r = made->valid_from; r < made->valid_to; r++) {
        outlet->sink(outlet->user, k, (unsigned)(first + (int32_t)r), made->row[r]);
    }
}

bool edge_rows_leave(const edge_model *model, edge_ctx *ctx) {
    const edge_outlet *outlet = edge_ctx_outlet(model, ctx);
    const edge_turn *turn = &model->schedule[ctx->turn];
    const edge_op *op = &model->ops[turn->op];
    const uint32_t y = edge_next_row(model, ctx);
    const int32_t frame = y >= op->frame_rows ? (int32_t)(y / op->frame_rows) : 0; /* a core may not divide */
    for (unsigned i = op->inputs; i < (unsigned)op->inputs + op->outputs; i++) {
        const edge_port *port = &model->op_ports[op->port + i];
        const edge_rows *made = &edge_ctx_ports(ctx)[i];
        for (unsigned k = 0; k < model->n_outputs; k++) {
            if (model->outputs[k].map != port->map || !model->outputs[k].streamed) {
                continue;
            }
            if (outlet->sink == NULL) {
                edge_reset(model, ctx);
                return false;
            }
            give(outlet, k, made->y + frame * model->windows[port->window].frame_rows, made);
        }
    }
    return true;
}
