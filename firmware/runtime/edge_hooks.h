/* SPDX-License-Identifier: Apache-2.0 */
/* The hooked twin of the runtime's loop: edge_run.c compiled a second time with EDGE_HOOKED. Profiling, row checks and
 * dumps come from it; edge_run itself has no hooks. */
#ifndef EDGE_HOOKS_H
#define EDGE_HOOKS_H

#include "edge/model.h"

typedef struct edge_hooks {
    /* Just before a kernel call of operator `op`. */
    void (*before)(void *user, const edge_model *model, uint16_t op);
    /* Just after it, with the rows it may have written: one edge_rows per output. */
    void (*after)(void *user, const edge_model *model, uint16_t op, edge_span span, const edge_rows *out);
    void *user;
} edge_hooks;

/* edge_run with hooks; the same results. */
edge_status edge_run_hooked(const edge_model *model, edge_ctx *ctx, const edge_hooks *hooks);

/* Goes on with a hooked run that has returned EDGE_ROW, once the wanted row lies where edge_wanted says. */
edge_status edge_row_came_hooked(const edge_model *model, edge_ctx *ctx, const edge_hooks *hooks);

#endif
