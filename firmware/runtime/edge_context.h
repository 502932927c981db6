/* SPDX-License-Identifier: Apache-2.0 */
/* The tail of a context: the ports and row pointers of the operator that runs.
 *
 *   edge_ctx | edge_rows[model->ports] | int8_t *[model->rows]
 *
 * EDGE_CTX_BYTES reserves it; an edge_rows is at most two pointers plus 8 bytes. */
#ifndef EDGE_CONTEXT_H
#define EDGE_CONTEXT_H

#include "edge/model.h"

_Static_assert(sizeof(edge_rows) <= 2u * sizeof(void *) + 8u, "EDGE_CTX_BYTES counts the ports too small");
_Static_assert(sizeof(edge_ctx) % sizeof(void *) == 0, "the tail would be misaligned");

static inline bool edge_is_ready(const edge_model *model, const edge_ctx *ctx) {
    return model != NULL && ctx != NULL && ctx->model == model;
}

static inline edge_rows *edge_ctx_ports(edge_ctx *ctx) {
    return (edge_rows *)(void *)(ctx + 1);
}

static inline int8_t **edge_ctx_row_pointers(edge_ctx *ctx, unsigned ports) {
    return (int8_t **)(void *)(edge_ctx_ports(ctx) + ports);
}

#endif
