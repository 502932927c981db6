/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a model with and without a sink for its streamed output, pulled, step by step and pushed. Prints the rows that
 * left, "output row" a line, in their order; exit 1 and the line of the first expectation that does not hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/model.h"

extern const edge_model streamed_model, resident_model;
static const edge_model *const model = &streamed_model;

#define EXPECT(holds)                                                                                                  \
    do {                                                                                                               \
        if (!(holds)) {                                                                                                \
            fprintf(stderr, "sink.c:%d: %s\n", __LINE__, #holds);                                                      \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static edge_ctx *start(const edge_model *m) {
    uint8_t *regions[EDGE_REGIONS] = {0};
    for (unsigned i = 0; i < m->n_regions; i++) {
        regions[i] = aligned_alloc(16, (m->region_bytes[i] + 31u) / 16u * 16u);
    }
    const uint32_t bytes = (uint32_t)EDGE_CTX_BYTES(m->ports, m->rows);
    edge_ctx *ctx = malloc(bytes); /* exactly as large as it says, under a sanitizer */
    EXPECT(edge_init(m, ctx, bytes - 1, regions) == EDGE_ERR_ARG);
    EXPECT(edge_init(m, ctx, bytes, regions) == EDGE_OK);
    return ctx;
}

/* A row of made-up values, of either model. */
static void serve(void *user, unsigned input, unsigned row, void *to) {
    const edge_map *map = &model->maps[model->inputs[input].map];
    (void)user;
    for (unsigned i = 0; i < (unsigned)map->pixels * map->pixel_bytes; i++) {
        ((uint8_t *)to)[i] = (uint8_t)(input * 101u + row * 37u + i * 11u);
    }
}

typedef struct taken {
    uint8_t bytes[1024]; /* of all outputs */
    unsigned rows;
    int print;
} taken;

static void take(void *user, unsigned output, unsigned row, const void *data) {
    taken *t = user;
    const edge_map *map = &model->maps[model->outputs[output].map];
    const size_t bytes = (size_t)map->pixels * map->pixel_bytes;
    size_t at = row * bytes;
    for (unsigned k = 0; k < output; k++) {
        at += model->outputs[k].bytes;
    }
    memcpy(t->bytes + at, data, bytes);
    t->rows++;
    if (t->print) {
        printf("%u %u\n", output, row);
    }
}

static taken want;

static void expect_all(const taken *got) {
    EXPECT(got->rows == want.rows && memcmp(got->bytes, want.bytes, sizeof want.bytes) == 0);
}

int main(void) {
    edge_ctx *ctx = start(model), *other = start(&resident_model);
    static taken got;
    EXPECT(model->outputs[0].streamed && !resident_model.outputs[0].streamed);

    EXPECT(edge_set_sink(NULL, ctx, take, &got) == EDGE_ERR_ARG);
    EXPECT(edge_set_sink(model, NULL, take, &got) == EDGE_ERR_ARG);
    EXPECT(edge_set_sink(model, other, take, &got) == EDGE_ERR_ARG);
    EXPECT(edge_set_sink(&resident_model, other, take, &got) == EDGE_ERR_ARG); /* nothing leaves */

    /* what the resident model makes of the same rows */
    edge_set_source(&resident_model, other, serve, NULL);
    EXPECT(edge_run(&resident_model, other) == EDGE_OK);
    size_t at = 0;
    for (unsigned k = 0; k < model->n_outputs; k++) {
        EXPECT(at + model->outputs[k].bytes <= sizeof want.bytes);
        memcpy(want.bytes + at, edge_output(&resident_model, other, k), model->outputs[k].bytes);
        want.rows += model->maps[model->outputs[k].map].rows;
        at += model->outputs[k].bytes;
    }

    /* nobody takes rows: the run ends at the first, and the next one starts over */
    edge_set_source(model, ctx, serve, NULL);
    EXPECT(edge_run(model, ctx) == EDGE_ERR_SINK);
    EXPECT(ctx->turn == 0 && ctx->row == 0);
    EXPECT(edge_set_sink(model, ctx, take, &got) == EDGE_OK);
    edge_status status;
    do {
        const unsigned before = got.rows;
        status = edge_step(model, ctx);
        EXPECT(got.rows <= before + model->maps[model->outputs[0].map].rows);
    } while (status == EDGE_MORE);
    EXPECT(status == EDGE_OK);
    expect_all(&got);
    for (unsigned k = 0; k < model->n_outputs; k++) {
        EXPECT(edge_output(model, ctx, k) == NULL); /* nothing is kept */
    }

    got = (taken){.print = 1};
    EXPECT(edge_run(model, ctx) == EDGE_OK);
    expect_all(&got);

    got = (taken){.print = 0};
    edge_set_source(model, ctx, NULL, NULL);
    EXPECT(edge_run(model, ctx) == EDGE_ROW);
    do {
        uint8_t row[256];
        unsigned input = 99, y = 99;
        EXPECT(edge_wanted(model, ctx, &input, &y) != NULL);
        serve(NULL, input, y, row);
        status = edge_push_row(model, ctx, row);
    } while (status == EDGE_ROW);
    EXPECT(status == EDGE_OK);
    expect_all(&got);

    /* a sink that is taken away, and the start over that edge_init is */
    EXPECT(edge_set_sink(model, ctx, NULL, NULL) == EDGE_OK);
    edge_set_source(model, ctx, serve, NULL);
    EXPECT(edge_run(model, ctx) == EDGE_ERR_SINK);
    uint8_t *regions[EDGE_REGIONS];
    memcpy(regions, ctx->region, sizeof regions);
    EXPECT(edge_set_sink(model, ctx, take, &got) == EDGE_OK);
    EXPECT(edge_init(model, ctx, (uint32_t)EDGE_CTX_BYTES(model->ports, model->rows), regions) == EDGE_OK);
    edge_set_source(model, ctx, serve, NULL);
    EXPECT(edge_run(model, ctx) == EDGE_ERR_SINK);
    return 0;
}
