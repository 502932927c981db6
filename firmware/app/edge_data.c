/* SPDX-License-Identifier: Apache-2.0 */
/* DATA frames: what a run sends while it goes on. They carry a running number; a host that misses one asks for another
 * run. */
#include "edge_app_state.h"
#include "edge_crc32.h"
#include "edge_wire.h"

enum { NUMBER_BYTES = 4 };

static uint8_t *payload(edge_app *app) {
    return app->buffer + EDGE_FRAME_HEADER_BYTES;
}

void edge_app_data_open(edge_app *app, uint8_t seq, bool begin) {
    edge_data *d = &app->data;
    d->seq = seq;
    d->fill = NUMBER_BYTES;
    if (begin) {
        d->frames = 0;
        d->crc = 0;
    }
}

void edge_app_data_flush(edge_app *app) {
    edge_data *d = &app->data;
    if (d->fill == NUMBER_BYTES) {
        return;
    }
    edge_put_u32(payload(app), d->frames);
    d->crc = edge_crc32(d->crc, payload(app) + NUMBER_BYTES, (size_t)d->fill - NUMBER_BYTES);
    edge_frame_send(app->buffer, EDGE_FRAME_DATA, d->seq, d->fill);
    d->frames++;
    d->fill = NUMBER_BYTES;
}

uint8_t *edge_app_data_room(edge_app *app, uint16_t bytes) {
    edge_data *d = &app->data;
    if (d->fill + bytes > EDGE_APP_PAYLOAD) {
        edge_app_data_flush(app);
    }
    d->fill = (uint16_t)(d->fill + bytes);
    return payload(app) + d->fill - bytes;
}

void edge_app_data_row(edge_app *app, uint16_t row, uint16_t of, const edge_map *map, const int8_t *bytes) {
    const uint32_t total = (uint32_t)map->pixels * map->pixel_bytes;
    uint32_t x = 0, c = 0; /* pixel, byte in it */
    for (uint32_t at = 0; at < total;) {
        uint8_t *to = edge_put_u32(edge_put_u16(edge_put_u16(payload(app) + NUMBER_BYTES, row), of), at);
        const uint8_t *end = payload(app) + EDGE_APP_PAYLOAD;
        for (; to < end && at < total; at++) {
            *to++ = (uint8_t)bytes[(size_t)x * map->pitch + c];
            if (++c == map->pixel_bytes) {
                c = 0;
                x++;
            }
        }
        app->data.fill = (uint16_t)(to - payload(app));
        edge_app_data_flush(app);
    }
}
