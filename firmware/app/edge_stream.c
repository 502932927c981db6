/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and their CRCs leave while the run goes on: a record is sent when it is made, so the device needs no memory for
 * them. */
#include "edge_app_state.h"
#include "edge_crc32.h"
#include "edge_wire.h"

enum { RECORD_BYTES = 10 };

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
    uint8_t *to = edge_app_data_room(app, RECORD_BYTES);
    edge_put_u32(edge_put_u16(edge_put_u16(edge_put_u16(to, op), index), row), row_crc(map, bytes));
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
        const edge_port *port = &model->op_ports[o->port + o->inputs + j];
        const edge_window *window = &model->windows[port->window];
        const edge_map *map = &model->maps[port->map];
        if (s->dump && port->map != s->map) {
            continue;
        }
        for (unsigned i = out[j].valid_from; i < out[j].valid_to; i++) {
            const uint16_t row = (uint16_t)(span.frame * window->frame_rows + out[j].y + (int)i);
            if (s->dump) {
                edge_app_data_row(app, row, op, map, out[j].row[i]);
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
    if (begin) {
        s->records = 0;
        edge_app_open(app, (edge_overhead){0, 0});
        s->status = edge_run_hooked(m->model, m->ctx, &hooks);
    } else {
        s->status = edge_row_came_hooked(m->model, m->ctx, &hooks);
    }
    app->ran = s->status == EDGE_OK;
    edge_app_data_flush(app); /* the buffer is the next request's */
}
