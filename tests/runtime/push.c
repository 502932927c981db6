/* SPDX-License-Identifier: Apache-2.0 */
/* Pushes rows of a streamed model at right and wrong times. Prints the wanted rows, "input row" a line, in their order;
 * exit 1 and the line of the first expectation that does not hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/model.h"

extern const edge_model streamed_model, resident_model;
static const edge_model *const model = &streamed_model;

#define EXPECT(holds)                                                                                                  \
    do {                                                                                                               \
        if (!(holds)) {                                                                                                \
            fprintf(stderr, "push.c:%d: %s\n", __LINE__, #holds);                                                      \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static edge_ctx *start(const edge_model *m) {
    uint8_t *regions[EDGE_REGIONS] = {0};
    for (unsigned i = 0; i < m->n_regions; i++) {
        regions[i] = aligned_alloc(16, (m->region_bytes[i] + 31u) / 16u * 16u);
    }
    const uint32_t bytes = (uint32_t)EDGE_CTX_BYTES(m->ports, m->rows);
    edge_ctx *ctx = malloc(bytes);
    EXPECT(edge_init(m, ctx, bytes, regions) == EDGE_OK);
    return ctx;
}

static struct {
    unsigned input, row;
} order[64]; /* the rows that a source was asked for */
static unsigned asked;

/* A row of made-up values. */
static void serve(void *user, unsigned input, unsigned row, void *to) {
    const edge_map *map = &model->maps[model->inputs[input].map];
    (void)user;
    for (unsigned i = 0; i < (unsigned)map->pixels * map->pixel_bytes; i++) {
        ((uint8_t *)to)[i] = (uint8_t)(input * 101u + row * 37u + i * 11u);
    }
}

/* The same as a source. */
static void serve_noting(void *user, unsigned input, unsigned row, void *to) {
    EXPECT(asked < sizeof order / sizeof *order);
    order[asked].input = input;
    order[asked++].row = row;
    serve(user, input, row, to);
}

static void keep_output(edge_ctx *ctx, uint8_t *to) {
    memcpy(to, edge_output(model, ctx, 0), model->outputs[0].bytes);
}

/* All rows to the end. `in_place`: written where they are wanted; `print`: which are. */
static void push_all(edge_ctx *ctx, int in_place, int print) {
    uint8_t row[256];
    edge_status status = EDGE_ROW;
    while (status == EDGE_ROW) {
        unsigned input = 99, y = 99;
        void *place = edge_wanted(model, ctx, &input, &y);
        EXPECT(place != NULL);
        if (print) {
            printf("%u %u\n", input, y);
        }
        serve(NULL, input, y, in_place ? place : row);
        status = edge_push_row(model, ctx, in_place ? place : row);
    }
    EXPECT(status == EDGE_OK);
}

int main(void) {
    edge_ctx *ctx = start(model), *other = start(&resident_model);
    uint8_t want[256], got[256], row[256] = {0};
    unsigned input = 99, y = 99;
    EXPECT(model->outputs[0].bytes <= sizeof want);

    edge_set_source(model, ctx, serve_noting, NULL);
    EXPECT(edge_run(model, ctx) == EDGE_OK);
    keep_output(ctx, want);
    EXPECT(edge_push_row(model, ctx, row) == EDGE_ERR_ARG); /* a source is set */
    edge_set_source(model, ctx, NULL, NULL);

    EXPECT(edge_push_row(NULL, ctx, row) == EDGE_ERR_ARG);
    EXPECT(edge_push_row(model, NULL, row) == EDGE_ERR_ARG);
    EXPECT(edge_push_row(model, ctx, NULL) == EDGE_ERR_ARG);
    EXPECT(edge_push_row(model, other, row) == EDGE_ERR_ARG); /* another model's context */
    EXPECT(edge_push_row(&resident_model, other, row) == EDGE_ERR_ARG);
    EXPECT(edge_wanted(&resident_model, other, &input, &y) == NULL);
    EXPECT(edge_wanted(model, other, &input, &y) == NULL);
    EXPECT(edge_set_source(model, other, serve, NULL) == EDGE_ERR_ARG);
    EXPECT(edge_input(model, ctx, 0) == NULL);

    EXPECT(edge_run(model, ctx) == EDGE_ROW); /* nobody serves: it waits for the first row */
    push_all(ctx, 0, 1);
    keep_output(ctx, got);
    EXPECT(memcmp(want, got, model->outputs[0].bytes) == 0);

    /* After the end the next row starts over; none of the refused calls above or here moves anything. */
    push_all(ctx, 1, 0);
    EXPECT(edge_push_row(model, ctx, NULL) == EDGE_ERR_ARG);
    keep_output(ctx, got);
    EXPECT(memcmp(want, got, model->outputs[0].bytes) == 0);

    /* Given up in the middle, and stopped between two bands: a row pushed then first lets the band run. */
    EXPECT(edge_wanted(model, ctx, &input, &y) != NULL);
    serve(NULL, input, y, row);
    EXPECT(edge_push_row(model, ctx, row) == EDGE_ROW);
    EXPECT(edge_reset(model, ctx) == EDGE_OK);
    unsigned waits = 0;
    edge_set_source(model, ctx, serve, NULL);
    edge_status status = EDGE_MORE;
    while (status == EDGE_MORE && edge_wanted(model, ctx, &input, &y) != NULL) {
        status = edge_step(model, ctx); /* the source brings the first rows, no band has run yet */
        waits++;
    }
    EXPECT(waits > 0 && status == EDGE_MORE);
    edge_set_source(model, ctx, NULL, NULL);
    EXPECT(edge_wanted(model, ctx, &input, &y) == NULL);
    serve(NULL, order[waits].input, order[waits].row, row); /* the order is always the same */
    EXPECT(edge_push_row(model, ctx, row) == EDGE_ROW);
    push_all(ctx, 0, 0);
    keep_output(ctx, got);
    EXPECT(memcmp(want, got, model->outputs[0].bytes) == 0);
    return 0;
}
