/* SPDX-License-Identifier: Apache-2.0 */
/* The default input, in[i] = (int8)(i * 37 + 11): written where an input is resident, served row by row where it is
 * streamed. No image is stored: its bytes repeat after 256 and are as quickly made as copied. */
#include "edge_app_state.h"

enum { START = 11, STEP = 37 };

/* `value` is that of the first byte; returns that of the byte behind the last. */
static uint8_t fill(uint8_t *to, uint32_t bytes, uint8_t dtype, uint8_t value) {
    const uint8_t flip = dtype == EDGE_UINT8 ? 0x80 : 0;
    for (uint32_t i = 0; i < bytes; i++) {
        to[i] = value ^ flip;
        value = (uint8_t)(value + STEP);
    }
    return value;
}

uint32_t edge_app_row_bytes(const edge_model *model, unsigned input) {
    const edge_map *map = &model->maps[model->inputs[input].map];
    return (uint32_t)map->pixels * map->pixel_bytes;
}

static void serve(const edge_model *model, unsigned input, unsigned row, void *to) {
    const uint32_t bytes = edge_app_row_bytes(model, input);
    uint32_t before = bytes * row;
    for (unsigned k = 0; k < input; k++) {
        before += model->inputs[k].bytes;
    }
    fill(to, bytes, model->inputs[input].dtype, (uint8_t)(START + STEP * before));
}

/* What a callback takes between its own two readings and what its caller sees differ by the same for every call:
 * `extra`, found with a call that serves nothing. */
void edge_app_charge(edge_app *app, edge_stamp from) {
    edge_callback *c = &app->callback;
    const edge_stamp end = edge_app_stamp_after();
    const uint64_t ticks = end.ticks - from.ticks + c->extra_ticks;
    const uint64_t cycles = edge_app_counted(EDGE_COUNTER_CYCLES, from.cycles, end.cycles) + c->extra_cycles;
    c->ticks += ticks;
    c->cycles += cycles;
    /* the operator that is timed does not pay for it */
    app->profile.mark += app->profile.counter == EDGE_COUNTER_CYCLES ? cycles : ticks;
}

static void timed_row(void *user, unsigned input, unsigned row, void *to) {
    edge_app *app = user;
    const edge_stamp from = edge_app_stamp_before();
    if (to != NULL) {
        serve(app->selected->model, input, row, to);
    }
    edge_app_charge(app, from);
}

static void calibrate(edge_app *app, edge_row_source *source, edge_overhead overhead) {
    edge_callback *c = &app->callback;
    edge_row_source *volatile hidden = source; /* called through a pointer, as the runtime does */
    edge_row_source *call = hidden;
    *c = (edge_callback){.ticks = 0};
    const edge_stamp from = edge_app_stamp_before();
    call(app, 0, 0, NULL);
    const edge_stamp end = edge_app_stamp_after();
    const uint64_t ticks = end.ticks - from.ticks;
    const uint64_t cycles = edge_app_counted(EDGE_COUNTER_CYCLES, from.cycles, end.cycles);
    const uint64_t inner_ticks = c->ticks + overhead.ticks;
    const uint64_t inner_cycles = c->cycles + overhead.cycles;
    c->extra_ticks = ticks > inner_ticks ? (uint32_t)(ticks - inner_ticks) : 0;
    c->extra_cycles = cycles > inner_cycles ? (uint32_t)(cycles - inner_cycles) : 0;
    c->ticks = 0;
    c->cycles = 0;
}

bool edge_app_streams(const edge_model *model) {
    for (unsigned k = 0; k < model->n_inputs; k++) {
        if (model->inputs[k].streamed) {
            return true;
        }
    }
    return false;
}

bool edge_app_default_input(edge_app *app) {
    const edge_app_model *m = app->selected;
    for (unsigned k = 0; k < m->model->n_inputs; k++) {
        if (m->model->inputs[k].dtype > EDGE_UINT8) {
            return false;
        }
    }
    uint8_t value = START;
    for (unsigned k = 0; k < m->model->n_inputs; k++) {
        const edge_io *io = &m->model->inputs[k];
        if (io->streamed) {
            value = (uint8_t)(value + STEP * io->bytes);
        } else {
            value = fill(edge_input(m->model, m->ctx, k), io->bytes, io->dtype, value);
        }
    }
    app->serves = true;
    return true;
}

void edge_app_open(edge_app *app, edge_overhead overhead) {
    const edge_app_model *m = app->selected;
    const bool serves = app->serves && edge_app_streams(m->model);
    app->callback = (edge_callback){.ticks = 0};
    edge_set_source(m->model, m->ctx, serves ? timed_row : NULL, app);
    if (m->leaving != NULL) {
        m->leaving->open(app);
    }
    if (m->leaving != NULL || serves) {
        calibrate(app, timed_row, overhead);
    }
    app->serves = false; /* an input serves one run */
}
