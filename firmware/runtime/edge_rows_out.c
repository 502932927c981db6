/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of streamed outputs: given to a sink by the call that makes them. */
#include "edge/model.h"
#include "edge_context.h"

edge_status edge_set_sink(const edge_model *model, edge_ctx *ctx, edge_row_sink *sink, void *user) {
    if (edge_is_ready(model, ctx)) {
        for (unsigned k = 0; k < model->n_outputs; k++) {
            if (model->outputs[k].streamed) {
                *edge_ctx_outlet(model, ctx) = (edge_outlet){sink, user};
                return EDGE_OK;
            }
        }
    }
    return EDGE_ERR_ARG;
}

void edge_rows_leave(const edge_model *model, edge_ctx *ctx, const edge_op *op, const edge_rows *out, edge_span span) {
    const edge_outlet *outlet = edge_ctx_outlet(model, ctx);
    for (unsigned i = 0; i < op->outputs; i++) {
        const edge_port *port = &op->ports[op->inputs + i];
        const int32_t first = out[i].y + (int32_t)span.frame * port->frame_rows;
        for (unsigned k = 0; k < model->n_outputs; k++) {
            if (model->outputs[k].map != port->map || !model->outputs[k].streamed) {
                continue;
            }
            for (unsigned r = out[i].valid_from; r < out[i].valid_to; r++) {
                outlet->sink(outlet->user, k, (unsigned)(first + (int32_t)r), out[i].row[r]);
            }
        }
    }
}
