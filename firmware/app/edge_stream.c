/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and their CRCs leave while the run goes on: a record is sent when it is made, so the device needs no memory for
 * them. DATA frames carry a running number; a host that misses one asks for another run. */
#include "edge_app_state.h"
#include "edge_crc32.h"
#include "edge_wire.h"

enum { NUMBER_BYTES = 4, RECORD_BYTES = 10, ROW_HEADER_BYTES = 8 };

static uint8_t *payload(edge_app *app) {
    return app->buffer + EDGE_FRAME_HEADER_BYTES;
}

static void flush(edge_app *app) {
    edge_stream *s = &app->waiting.stream;
    if (s->fill == NUMBER_BYTES) {
        return;
    }
    edge_put_u32(payload(app), s->frames);
    s->crc = edge_crc32(s->crc, payload(app) + NUMBER_BYTES, (size_t)s->fill - NUMBER_BYTES);
    edge_frame_send(app->buffer, EDGE_FRAME_DATA, s->seq, s->fill);
    s->frames++;
    s->fill = NUMBER_BYTES;
}

static uint32_t row_crc(const edge_map *map, const int8_t *row) {
    if (map->pitch == map->pixel_bytes) {
        return edge_crc32(0, row, (size_t)map->pixels * map->pixel_bytes);
    }
    uint32_t crc = 0;
    for (unsigned x = 0; x < map->pixels; x++) {
        crc = edge_crc32(crc, row + (size_t)x * map->pitch, map->pixel_bytes);
    }
    return crc;
}

static void send_crc(edge_app *app, uint16_t op, const edge_map *map, uint16_t index, uint16_t row,
                     const int8_t *bytes) {
    edge_stream *s = &app->waiting.stream;
    if (s->fill + RECORD_BYTES > EDGE_APP_PAYLOAD) {
        flush(app);
    }
    const uint32_t crc = row_crc(map, bytes);
    edge_put_u32(edge_put_u16(edge_put_u16(edge_put_u16(payload(app) + s->fill, op), index), row), crc);
    s->fill = (uint16_t)(s->fill + RECORD_BYTES);
}

/* A row in pieces, each with the row and the offset that it starts at; a piece never spans two frames. */
static void send_row(edge_app *app, uint16_t op, const edge_map *map, uint16_t row, const int8_t *bytes) {
    const uint32_t total = (uint32_t)map->pixels * map->pixel_bytes;
    uint32_t x = 0, c = 0; /* pixel, byte in it */
    for (uint32_t at = 0; at < total;) {
        uint8_t *to = edge_put_u32(edge_put_u16(edge_put_u16(payload(app) + NUMBER_BYTES, row), op), at);
        const uint8_t *end = payload(app) + EDGE_APP_PAYLOAD;
        for (; to < end && at < total; at++) {
            *to++ = (uint8_t)bytes[(size_t)x * map->pitch + c];
            if (++c == map->pixel_bytes) {
                c = 0;
                x++;
            }
        }
        app->waiting.stream.fill = (uint16_t)(to - payload(app));
        flush(app);
    }
}

static void before(void *user, const edge_model *model, uint16_t op) {
    (void)user;
    (void)model;
    (void)op;
}

static void after(void *user, const edge_model *model, uint16_t op, edge_span span, const edge_rows *out) {
    edge_app *app = user;
    edge_stream *s = &app->waiting.stream;
    const edge_op *o = &model->ops[op];
    for (unsigned j = 0; j < o->outputs; j++) {
        const edge_port *port = &o->ports[o->inputs + j];
        const edge_map *map = &model->maps[port->map];
        if (s->dump && port->map != s->map) {
            continue;
        }
        for (unsigned i = out[j].valid_from; i < out[j].valid_to; i++) {
            const uint16_t row = (uint16_t)(span.frame * port->frame_rows + out[j].y + (int)i);
            if (s->dump) {
                send_row(app, op, map, row, out[j].row[i]);
            } else {
                send_crc(app, op, map, port->map, row, out[j].row[i]);
            }
            s->records++;
        }
    }
}

void edge_app_stream(edge_app *app, bool begin) {
    const edge_app_model *m = app->selected;
    edge_stream *s = &app->waiting.stream;
    const edge_hooks hooks = {.before = before, .after = after, .user = app};
    s->fill = NUMBER_BYTES;
    if (begin) {
        s->frames = 0;
        s->records = 0;
        s->crc = 0;
        edge_app_open_source(app, (edge_overhead){0, 0});
        s->status = edge_run_hooked(m->model, m->ctx, &hooks);
    } else {
        s->status = edge_row_came_hooked(m->model, m->ctx, &hooks);
    }
    app->ran = s->status == EDGE_OK;
    flush(app); /* the buffer is the next request's */
}
