/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_app_state.h"
#include "edge_crc32.h"

/* Keeps the compiler from moving memory accesses across a reading of the counters. */
#define BARRIER() __asm__ volatile("" ::: "memory")

uint64_t edge_app_counter(uint8_t counter) {
    return counter == EDGE_COUNTER_CYCLES ? edge_port_cycles() : edge_port_ticks();
}

uint64_t edge_app_counted(uint8_t counter, uint64_t from, uint64_t to) {
#ifndef __riscv
    if (counter == EDGE_COUNTER_CYCLES) { /* wraps modulo 2^32, see edge_port.h */
        return (uint32_t)(to - from);
    }
#endif
    (void)counter;
    return to - from;
}

uint32_t edge_app_output_crc(const edge_app *app) {
    const edge_app_model *m = app->selected;
    if (m->leaving != NULL) {
        return m->leaving->crc(app);
    }
    uint32_t crc = 0;
    for (unsigned k = 0; k < m->model->n_outputs; k++) {
        crc = edge_crc32(crc, edge_output(m->model, m->ctx, k), m->model->outputs[k].bytes);
    }
    return crc;
}

/* The readings nest, so that both counters see the same region plus a constant. */
edge_stamp edge_app_stamp_before(void) {
    edge_stamp s;
    BARRIER();
    s.ticks = edge_port_ticks();
    s.cycles = edge_port_cycles();
    BARRIER();
    return s;
}

edge_stamp edge_app_stamp_after(void) {
    edge_stamp s;
    BARRIER();
    s.cycles = edge_port_cycles();
    s.ticks = edge_port_ticks();
    BARRIER();
    return s;
}

static edge_overhead overhead(void) {
    const edge_stamp from = edge_app_stamp_before();
    const edge_stamp to = edge_app_stamp_after();
    return (edge_overhead){(uint32_t)(to.ticks - from.ticks), (uint32_t)(to.cycles - from.cycles)};
}

void edge_app_run(edge_app *app, bool begin) {
    const edge_app_model *m = app->selected;
    edge_run_result *r = &app->waiting.run;
    const edge_overhead once = overhead();
    unsigned input, row;
    const void *place = edge_wanted(m->model, m->ctx, &input, &row); /* the row lies there already */
    if (begin) {
        *r = (edge_run_result){.ticks = 0};
        edge_app_open(app, once);
    }

    edge_port_stack_paint();
    const edge_stamp from = edge_app_stamp_before();
    r->status = begin ? edge_run(m->model, m->ctx) : edge_push_row(m->model, m->ctx, place);
    const edge_stamp to = edge_app_stamp_after();
    const uint32_t stack = edge_port_stack_used();

    r->stack = stack > r->stack ? stack : r->stack;
    r->ticks += to.ticks - from.ticks;
    r->cycles += edge_app_counted(EDGE_COUNTER_CYCLES, from.cycles, to.cycles);
    r->overhead.ticks += once.ticks;
    r->overhead.cycles += once.cycles;
    r->callback_ticks = app->callback.ticks;
    r->callback_cycles = app->callback.cycles;
    app->stack_used = r->stack;
    app->ran = r->status == EDGE_OK;
    r->output_crc = app->ran ? edge_app_output_crc(app) : 0;
}

/* A layer's time runs from the end of the hook before it to the start of its own: the runtime's steps between kernels
 * count for the operator that they prepare, and the sum of the layers is the whole but for the hooks themselves. */
static void profile_before(void *user, const edge_model *model, uint16_t op) {
    (void)user;
    (void)model;
    (void)op;
}

static void profile_after(void *user, const edge_model *model, uint16_t op, edge_span span, const edge_rows *out) {
    (void)model;
    (void)span;
    (void)out;
    edge_profile *p = user;
    const uint64_t now = edge_app_counter(p->counter);
    const uint32_t i = (uint32_t)op - p->first;
    if (i < p->count) {
        p->spent[i] += edge_app_counted(p->counter, p->mark, now);
        p->calls[i]++;
    }
    p->mark = edge_app_counter(p->counter);
}

static void profile_begin(edge_profile *p, uint16_t first, uint16_t count, uint8_t counter) {
    p->first = first;
    p->count = count;
    p->counter = counter;
    for (unsigned i = 0; i < count; i++) {
        p->calls[i] = 0;
        p->spent[i] = 0;
    }
}

edge_status edge_app_profile(edge_app *app, uint16_t first, uint16_t count, uint8_t counter) {
    const edge_app_model *m = app->selected;
    edge_profile *p = &app->profile;
    const edge_hooks hooks = {.before = profile_before, .after = profile_after, .user = p};
    profile_begin(p, first, count, counter);
    edge_app_open(app, overhead());
    BARRIER();
    const uint64_t from = edge_app_counter(counter);
    p->mark = edge_app_counter(counter);
    const edge_status status = edge_run_hooked(m->model, m->ctx, &hooks);
    p->total = edge_app_counted(counter, from, edge_app_counter(counter));
    BARRIER();
    app->ran = status == EDGE_OK;
    return status;
}

void edge_app_calibrate(edge_app *app, uint32_t calls, uint8_t counter, uint64_t *inner, uint64_t *outer) {
    edge_profile *p = &app->profile;
    const edge_hooks hooks = {.before = profile_before, .after = profile_after, .user = p};
    const edge_hooks *volatile hidden = &hooks; /* called through pointers, as the runtime does */
    const edge_hooks *h = hidden;
    const edge_span span = {0};
    profile_begin(p, 0, 1, counter);
    BARRIER();
    const uint64_t from = edge_app_counter(counter);
    p->mark = edge_app_counter(counter);
    for (uint32_t i = 0; i < calls; i++) {
        h->before(h->user, NULL, 0);
        h->after(h->user, NULL, 0, span, NULL);
    }
    *outer = edge_app_counted(counter, from, edge_app_counter(counter));
    BARRIER();
    *inner = p->spent[0];
    p->count = 0;
}

/* Differs from neighbour to neighbour and from block to block, so that a constant row rarely passes for paint. */
static uint8_t paint(uint8_t seed, uint32_t i) {
    return (uint8_t)(seed ^ (i * 29u + (i >> 8)));
}

void edge_app_paint(edge_app *app, uint8_t seed) {
    const edge_app_model *m = app->selected;
    for (unsigned k = 0; k < m->model->n_regions; k++) {
        for (uint32_t i = 0; i < m->model->region_bytes[k]; i++) {
            m->regions[k][i] = paint(seed, i);
        }
    }
    edge_reset(m->model, m->ctx);
    app->painted = true;
    app->ran = false;
    app->seed = seed;
}

uint32_t edge_app_touched(const edge_app *app, unsigned region) {
    const edge_app_model *m = app->selected;
    uint32_t end = m->model->region_bytes[region];
    while (end > 0 && m->regions[region][end - 1] == paint(app->seed, end - 1)) {
        end--;
    }
    return end;
}
