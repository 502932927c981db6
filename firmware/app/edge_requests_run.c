/* SPDX-License-Identifier: Apache-2.0 */
/* RUN, TRACE and DUMP, and the rows that they want. A run of a model whose input is streamed stops at every row that
 * only the host has: the answer names it, PUSH_ROW brings it, straight to its place in the arena, and the run goes on.
 */
#include "edge_requests.h"
#include "edge_wire.h"

enum { PUSH_HEADER_BYTES = 8 };

static int32_t run_answer(edge_app *app) {
    const edge_run_result *r = &app->waiting.run;
    uint8_t *p = edge_payload(app);
    p = edge_put_u32(p, (uint32_t)r->status);
    p = edge_put_u32(p, r->output_crc);
    p = edge_put_u64(p, r->ticks);
    p = edge_put_u64(p, r->cycles);
    p = edge_put_u32(p, r->overhead.ticks);
    p = edge_put_u32(p, r->overhead.cycles);
    p = edge_put_u32(p, r->stack);
    p = edge_put_u64(p, r->callback_ticks);
    p = edge_put_u64(p, r->callback_cycles);
    return edge_length_to(app, p);
}

static int32_t stream_answer(edge_app *app) {
    const edge_stream *s = &app->waiting.stream;
    uint8_t *p = edge_payload(app);
    p = edge_put_u32(p, (uint32_t)s->status);
    p = edge_put_u32(p, app->data.frames);
    p = edge_put_u32(p, s->records);
    p = edge_put_u32(p, app->data.crc);
    return edge_length_to(app, p);
}

static int32_t wanted_answer(edge_app *app, unsigned input, unsigned row) {
    uint8_t *p = edge_payload(app);
    p = edge_put_u8(p, (uint8_t)input);
    p = edge_put_u8(p, 0);
    p = edge_put_u16(p, (uint16_t)row);
    p = edge_put_u32(p, app->waiting.offset);
    p = edge_put_u32(p, edge_app_row_bytes(app->selected->model, input));
    return edge_length_to(app, p);
}

/* Runs until a row is wanted that only the host has, or to the end. */
static int32_t proceed(edge_app *app, bool begin) {
    const edge_app_model *m = app->selected;
    edge_waiting *w = &app->waiting;
    const uint8_t seq = edge_seq(app);
    edge_accept(app, seq);
    w->offset = 0;
    edge_app_data_open(app, seq, begin);
    if (w->kind == EDGE_FRAME_RUN) {
        edge_app_run(app, begin);
        w->waits = w->run.status == EDGE_ROW;
    } else {
        edge_app_stream(app, begin);
        w->waits = w->stream.status == EDGE_ROW;
    }
    unsigned input, row;
    if (w->waits && edge_wanted(m->model, m->ctx, &input, &row) != NULL) {
        return wanted_answer(app, input, row);
    }
    return w->kind == EDGE_FRAME_RUN ? run_answer(app) : stream_answer(app);
}

int32_t edge_request_run(edge_app *app, uint16_t length) {
    if (length > 1) {
        return -EDGE_ERROR_LENGTH;
    }
    app->sends = length > 0 && edge_payload(app)[0] != 0;
    app->waiting.kind = EDGE_FRAME_RUN;
    return proceed(app, true);
}

int32_t edge_request_trace(edge_app *app, uint16_t length) {
    (void)length;
    app->waiting.kind = EDGE_FRAME_TRACE;
    app->waiting.stream.dump = false;
    return proceed(app, true);
}

int32_t edge_request_dump(edge_app *app, uint16_t length) {
    (void)length;
    const uint16_t map = edge_get_u16(edge_payload(app));
    if (map >= app->selected->model->n_maps) {
        return -EDGE_ERROR_RANGE;
    }
    app->waiting.kind = EDGE_FRAME_DUMP;
    app->waiting.stream.dump = true;
    app->waiting.stream.map = map;
    return proceed(app, true);
}

int32_t edge_request_push_row(edge_app *app, uint16_t length) {
    const edge_app_model *m = app->selected;
    edge_waiting *w = &app->waiting;
    const uint8_t *p = edge_payload(app);
    const uint32_t offset = edge_get_u32(p + 4);
    const uint32_t bytes = (uint32_t)length - PUSH_HEADER_BYTES;
    unsigned input, row;
    uint8_t *place = w->waits ? edge_wanted(m->model, m->ctx, &input, &row) : NULL;
    if (place == NULL || p[0] != input || edge_get_u16(p + 2) != row) {
        return -EDGE_ERROR_ROW;
    }
    const uint32_t total = edge_app_row_bytes(m->model, input);
    if (offset > w->offset || bytes > total - offset) { /* no gaps; what comes twice is written twice */
        return -EDGE_ERROR_RANGE;
    }
    memcpy(place + offset, p + PUSH_HEADER_BYTES, bytes);
    if (offset + bytes > w->offset) {
        w->offset = offset + bytes;
    }
    return w->offset < total ? wanted_answer(app, input, row) : proceed(app, false);
}
