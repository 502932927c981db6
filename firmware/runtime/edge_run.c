/* SPDX-License-Identifier: Apache-2.0 */
/* The loop over the schedule. Compiled twice: plain, and with EDGE_HOOKED as its profiling twin. */
#include "edge/model.h"
#include "edge_context.h"
#include "edge_hooks.h"

static int32_t floor_div(int32_t a, int32_t b) {
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/* Fills the view of one port for rows [y, y + n) of a frame; returns the row pointers' new end. The division is skipped
 * for the usual den == 1: Cortex-M0 and RV32 without M have no divide instruction. */
static int8_t **bind_port(const edge_model *model, const edge_ctx *ctx, const edge_port *port, unsigned frame,
                          int32_t y, int32_t n, edge_rows *view, int8_t **pointers) {
    const edge_map *map = &model->maps[port->map];
    const edge_window *window = &model->windows[port->window];
    int32_t first = y * window->num + window->offset;
    int32_t last = (y + n - 1) * window->num + window->offset;
    if (window->den != 1) {
        first = floor_div(first, window->den);
        last = floor_div(last, window->den);
    }
    if (last < first) { /* a negative stride reads upward; rows stay top to bottom */
        const int32_t swap = first;
        first = last;
        last = swap;
    }
    last += window->rows - 1;

    const int32_t height = window->frame_rows > 0 ? window->frame_rows : map->rows;
    const uint32_t base_row = window->frame_rows > 0 ? frame * window->frame_rows : 0;
    int32_t valid_from = first < 0 && map->kind != EDGE_RING ? -first : 0; /* a ring has the rows above */
    int32_t valid_to = (last >= height ? height - 1 : last) - first + 1;
    const int32_t count = last - first + 1;
    if (valid_from > count) {
        valid_from = count;
    }
    if (valid_to < valid_from) {
        valid_to = valid_from;
    }

    view->row = pointers;
    view->y = (int16_t)first;
    view->count = (uint16_t)count;
    view->valid_from = (uint16_t)valid_from;
    view->valid_to = (uint16_t)valid_to;
    view->pitch = map->pitch;

    if (map->kind == EDGE_RING) { /* nothing reads below its newest row */
        return model->history->rows(model, ctx, map, (int32_t)base_row + first, count, pointers);
    }
    int8_t *const pad = (int8_t *)(uintptr_t)map->pad_row; /* kernels only read it */
    int32_t i = 0;
    for (; i < valid_from; i++) {
        *pointers++ = pad;
    }
    uint32_t row = base_row + (uint32_t)(first + i);
    int8_t *const base = map->kind == EDGE_CONSTANT ? (int8_t *)(uintptr_t)map->constant /* kernels only read it */
                                                    : (int8_t *)ctx->region[map->region] + map->offset;
    const uint32_t stride = map->row_stride;
    int8_t **const end = pointers + (valid_to - i);
    if (map->kind == EDGE_BYTES) {
        for (const uint8_t *const places = map->bytes; pointers < end; row++) {
            *pointers++ = base + places[row] * stride;
        }
    } else if (map->kind == EDGE_HALFWORDS) {
        for (const uint16_t *const places = map->halfwords; pointers < end; row++) {
            *pointers++ = base + places[row] * stride;
        }
    } else {
        for (; pointers < end; row++) {
            *pointers++ = base + row * stride;
        }
    }
    for (i = valid_to; i < count; i++) {
        *pointers++ = pad;
    }
    return pointers;
}

#ifdef EDGE_HOOKED
static edge_status step(const edge_model *model, edge_ctx *ctx, const edge_hooks *hooks) {
#else
edge_status edge_step(const edge_model *model, edge_ctx *ctx) {
#endif
    if (!edge_is_ready(model, ctx)) {
        return EDGE_ERR_ARG;
    }
    if (ctx->turn >= model->n_turns) { /* a model of views alone */
        return EDGE_OK;
    }
    const edge_turn *turn = &model->schedule[ctx->turn];
    if (turn->op >= EDGE_ARRIVAL) {
        unsigned input, row;
        void *place = edge_wanted(model, ctx, &input, &row);
        if (ctx->source == NULL) {
            return EDGE_ROW;
        }
        ctx->source(ctx->user, input, row, place);
        return edge_advance(model, ctx, 1);
    }
    const edge_op *op = &model->ops[turn->op];

    /* the frame and the row in it; frames above 1 are rare, so no division for the first */
    uint32_t y = edge_next_row(model, ctx);
    uint32_t frame = 0;
    if (y >= op->frame_rows) {
        frame = y / op->frame_rows;
        y -= frame * op->frame_rows;
    }
    uint32_t n = (uint32_t)turn->rows - ctx->row;
    if (n > op->band) {
        n = op->band;
    }
    if (n > op->frame_rows - y) {
        n = op->frame_rows - y;
    }

    edge_rows *views = edge_ctx_ports(ctx);
    int8_t **pointers = edge_ctx_row_pointers(ctx, model->ports);
    const unsigned ports = (unsigned)op->inputs + op->outputs;
    for (unsigned i = 0; i < ports; i++) {
        pointers =
            bind_port(model, ctx, &model->op_ports[op->port + i], frame, (int32_t)y, (int32_t)n, &views[i], pointers);
    }
    const edge_span span = {.y = (uint16_t)y, .rows = (uint16_t)n, .x0 = 0, .x1 = 0xffff, .frame = (uint16_t)frame};
    void *scratch = op->scratch.region == EDGE_NONE ? NULL : ctx->region[op->scratch.region] + op->scratch.offset;
    void *state = op->state.region == EDGE_NONE ? NULL : ctx->region[op->state.region] + op->state.offset;

#ifdef EDGE_HOOKED
    hooks->before(hooks->user, model, turn->op);
#endif
    op->kernel(op, views, views + op->inputs, span, scratch, state);
    if (model->leave != NULL && !model->leave(model, ctx)) {
        return EDGE_ERR_SINK;
    }
#ifdef EDGE_HOOKED
    hooks->after(hooks->user, model, turn->op, span, views + op->inputs);
#endif
    return edge_advance(model, ctx, n);
}

/* What was given up midway starts over, without the history that it has damaged. */
static edge_status edge_start(const edge_model *model, edge_ctx *ctx) {
    const bool whole = edge_is_ready(model, ctx) && ctx->turn == 0 && ctx->row == 0 && ctx->round == 0;
    return whole ? EDGE_OK : edge_reset(model, ctx);
}

#ifdef EDGE_HOOKED
static edge_status run_on(const edge_model *model, edge_ctx *ctx, edge_status status, const edge_hooks *hooks) {
    while (status == EDGE_MORE) {
        status = step(model, ctx, hooks);
    }
    return status;
}

edge_status edge_run_hooked(const edge_model *model, edge_ctx *ctx, const edge_hooks *hooks) {
    const edge_status status = edge_start(model, ctx);
    return status == EDGE_OK ? run_on(model, ctx, EDGE_MORE, hooks) : status;
}

edge_status edge_row_came_hooked(const edge_model *model, edge_ctx *ctx, const edge_hooks *hooks) {
    unsigned input, row;
    if (edge_wanted(model, ctx, &input, &row) == NULL) {
        return EDGE_ERR_ARG;
    }
    return run_on(model, ctx, edge_advance(model, ctx, 1), hooks);
}
#else
edge_status edge_run(const edge_model *model, edge_ctx *ctx) {
    edge_status status = edge_start(model, ctx);
    if (status != EDGE_OK) {
        return status;
    }
    do {
        status = edge_step(model, ctx);
    } while (status == EDGE_MORE);
    return status;
}
#endif
