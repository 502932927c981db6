/* SPDX-License-Identifier: Apache-2.0 */
/* Runs two models band by band in turns and checks that both give what they give alone. Of streamed models the first
 * pulls its rows and the second is pushed them. Reads both inputs from stdin, prints the number of steps; exit 1 on a
 * difference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/model.h"

extern const edge_model first_model, second_model;

typedef struct run {
    const edge_model *model;
    edge_ctx *ctx;
    uint8_t *input, *alone;
    uint32_t input_bytes, output_bytes;
} run;

static run start(const edge_model *model) {
    run r = {.model = model, .input_bytes = model->inputs[0].bytes};
    uint8_t *regions[EDGE_REGIONS] = {0};
    for (unsigned i = 0; i < model->n_regions; i++) {
        regions[i] = aligned_alloc(16, (model->region_bytes[i] + 31u) / 16u * 16u);
    }
    const uint32_t bytes = (uint32_t)EDGE_CTX_BYTES(model->ports, model->rows);
    r.ctx = malloc(bytes);
    r.input = malloc(r.input_bytes);
    if (edge_init(model, r.ctx, bytes, regions) != EDGE_OK ||
        fread(r.input, 1, r.input_bytes, stdin) != r.input_bytes) {
        exit(2);
    }
    for (unsigned k = 0; k < model->n_outputs; k++) {
        r.output_bytes += model->outputs[k].bytes;
    }
    r.alone = malloc(r.output_bytes);
    return r;
}

static const uint8_t *row_of(const run *r, unsigned row) {
    const edge_map *map = &r->model->maps[r->model->inputs[0].map];
    return r->input + (size_t)row * map->pixels * map->pixel_bytes;
}

static void serve(void *user, unsigned input, unsigned row, void *to) {
    const run *r = user;
    const edge_map *map = &r->model->maps[r->model->inputs[input].map];
    memcpy(to, row_of(r, row), (size_t)map->pixels * map->pixel_bytes);
}

static void fill(run *r, int pulls) {
    void *input = edge_input(r->model, r->ctx, 0);
    if (input != NULL) {
        memcpy(input, r->input, r->input_bytes);
    } else if (pulls) {
        edge_set_source(r->model, r->ctx, serve, r);
    }
}

/* One band; or, where a row must be pushed, that row and all up to the next. */
static edge_status step(const run *r) {
    unsigned input, row;
    const edge_status status = edge_step(r->model, r->ctx);
    if (status != EDGE_ROW) {
        return status;
    }
    if (edge_wanted(r->model, r->ctx, &input, &row) == NULL || input != 0) {
        return EDGE_ERR_ARG;
    }
    const edge_status after = edge_push_row(r->model, r->ctx, row_of(r, row));
    return after == EDGE_ROW ? EDGE_MORE : after;
}

static int outputs_differ(const run *r, int keep) {
    uint32_t at = 0;
    int differ = 0;
    for (unsigned k = 0; k < r->model->n_outputs; k++) {
        const void *output = edge_output(r->model, r->ctx, k);
        if (keep) {
            memcpy(r->alone + at, output, r->model->outputs[k].bytes);
        } else {
            differ |= memcmp(r->alone + at, output, r->model->outputs[k].bytes);
        }
        at += r->model->outputs[k].bytes;
    }
    return differ;
}

int main(void) {
    run runs[2] = {start(&first_model), start(&second_model)};
    for (unsigned i = 0; i < 2; i++) {
        fill(&runs[i], i == 0);
        edge_status status;
        do {
            status = step(&runs[i]);
        } while (status == EDGE_MORE);
        if (status != EDGE_OK) {
            return 2;
        }
        outputs_differ(&runs[i], 1);
        fill(&runs[i], i == 0);
        edge_reset(runs[i].model, runs[i].ctx);
    }
    edge_status status[2] = {EDGE_MORE, EDGE_MORE};
    unsigned steps = 0;
    while (status[0] == EDGE_MORE || status[1] == EDGE_MORE) {
        for (unsigned i = 0; i < 2; i++) {
            if (status[i] == EDGE_MORE) {
                status[i] = step(&runs[i]);
                steps++;
            }
        }
    }
    printf("%u\n", steps);
    return status[0] != EDGE_OK || status[1] != EDGE_OK || outputs_differ(&runs[0], 0) || outputs_differ(&runs[1], 0);
}
