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

uint32_t edge_app_output_crc(const edge_app_model *m) {
    uint32_t crc = 0;
    for (unsigned k = 0; k < m->model->n_outputs; k++) {
        crc = edge_crc32(crc, edge_output(m->model, m->ctx, k), m->model->outputs[k].bytes);
    }
    return crc;
}

typedef struct stamp {
    uint64_t ticks, cycles;
} stamp;

/* The readings nest, so that both counters see the same region plus a constant. */
static stamp stamp_before(void) {
    stamp s;
    BARRIER();
    s.ticks = edge_port_ticks();
    s.cycles = edge_port_cycles();
    BARRIER();
    return s;
}

static stamp stamp_after(void) {
    stamp s;
    BARRIER();
    s.cycles = edge_port_cycles();
    s.ticks = edge_port_ticks();
    BARRIER();
    return s;
}

edge_run_result edge_app_run(edge_app *app) {
    const edge_app_model *m = app->selected;
    edge_run_result r;

    const stamp e0 = stamp_before();
    const stamp e1 = stamp_after();
    r.overhead_ticks = (uint32_t)(e1.ticks - e0.ticks);
    r.overhead_cycles = (uint32_t)(e1.cycles - e0.cycles);

    edge_port_stack_paint();
    const stamp t0 = stamp_before();
    r.status = edge_run(m->model, m->ctx);
    const stamp t1 = stamp_after();
    r.stack = edge_port_stack_used();

    r.ticks = t1.ticks - t0.ticks;
    r.cycles = edge_app_counted(EDGE_COUNTER_CYCLES, t0.cycles, t1.cycles);
    r.output_crc = edge_app_output_crc(m);
    app->stack_used = r.stack;
    app->ran = r.status == EDGE_OK;
    return r;
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
