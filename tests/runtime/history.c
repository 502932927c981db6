/* SPDX-License-Identifier: Apache-2.0 */
/* A model over time, reset where its history is old and where a call is under way: what follows equals the outputs of a
 * fresh context. Calls' inputs come from stdin; exit 1 and the line of the first expectation that does not hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/model.h"

extern const edge_model history_model;
static const edge_model *const model = &history_model;

enum { CALLS = 6 };
static uint8_t *inputs[CALLS], *fresh[CALLS];

#define EXPECT(holds)                                                                                                  \
    do {                                                                                                               \
        if (!(holds)) {                                                                                                \
            fprintf(stderr, "history.c:%d: %s\n", __LINE__, #holds);                                                   \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* Brings the rows of the call that runs. */
static void serve(void *user, unsigned input, unsigned row, void *to) {
    const edge_map *map = &model->maps[model->inputs[input].map];
    const size_t bytes = (size_t)map->pixels * map->pixel_bytes;
    memcpy(to, *(uint8_t **)user + row * bytes, bytes);
}

static uint8_t *current;

static void feed(edge_ctx *ctx, unsigned call) {
    current = inputs[call];
    if (!model->inputs[0].streamed) {
        memcpy(edge_input(model, ctx, 0), current, model->inputs[0].bytes);
    }
}

static int equals(edge_ctx *ctx, unsigned call) {
    return memcmp(edge_output(model, ctx, 0), fresh[call], model->outputs[0].bytes) == 0;
}

/* Calls [0, CALLS) give what a fresh context gave. */
static void expect_fresh(edge_ctx *ctx) {
    for (unsigned call = 0; call < CALLS; call++) {
        feed(ctx, call);
        EXPECT(edge_run(model, ctx) == EDGE_OK);
        EXPECT(equals(ctx, call));
    }
}

static void step(edge_ctx *ctx, unsigned steps) {
    feed(ctx, CALLS - 1);
    for (unsigned i = 0; i < steps; i++) {
        EXPECT(edge_step(model, ctx) == EDGE_MORE);
    }
}

int main(void) {
    uint8_t *regions[EDGE_REGIONS] = {0};
    for (unsigned i = 0; i < model->n_regions; i++) {
        const size_t bytes = (model->region_bytes[i] + 31u) / 16u * 16u;
        regions[i] = aligned_alloc(16, bytes);
        memset(regions[i], 0x5a, bytes);
    }
    const uint32_t bytes = (uint32_t)EDGE_CTX_BYTES(model->ports, model->rows);
    edge_ctx *ctx = malloc(bytes);
    EXPECT(edge_init(model, ctx, bytes, regions) == EDGE_OK);
    EXPECT(edge_set_source(model, ctx, serve, &current) == EDGE_OK);
    for (unsigned call = 0; call < CALLS; call++) {
        inputs[call] = malloc(model->inputs[0].bytes);
        fresh[call] = malloc(model->outputs[0].bytes);
        EXPECT(fread(inputs[call], 1, model->inputs[0].bytes, stdin) == model->inputs[0].bytes);
        feed(ctx, call);
        EXPECT(edge_run(model, ctx) == EDGE_OK);
        memcpy(fresh[call], edge_output(model, ctx, 0), model->outputs[0].bytes);
    }

    unsigned same = 0;
    for (unsigned call = 0; call < CALLS; call++) {
        feed(ctx, call);
        EXPECT(edge_run(model, ctx) == EDGE_OK);
        same += (unsigned)equals(ctx, call);
    }
    EXPECT(same < CALLS); /* the history matters */

    EXPECT(edge_reset(model, ctx) == EDGE_OK); /* between two calls */
    expect_fresh(ctx);

    for (unsigned steps = 1; steps < 8; steps++) { /* in the middle of a call */
        step(ctx, steps);
        EXPECT(edge_reset(model, ctx) == EDGE_OK);
        expect_fresh(ctx);
    }

    if (model->inputs[0].streamed) { /* edge_run gives up what was under way, and the history it has damaged with it */
        step(ctx, 5);
        expect_fresh(ctx);
    }
    return 0;
}
