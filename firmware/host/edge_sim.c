/* SPDX-License-Identifier: Apache-2.0 */
/* Host simulation of one model, EDGE_SIM_MODEL: reads inferences from stdin, writes results to stdout.
 *
 *   argument "calls": calls of one clip follow one another over one arena; only outputs are written
 *   argument "push": rows of streamed inputs are pushed; else they come from a source
 *   in:   the bytes of all inputs, in signature order, once per inference, until end of file
 *   out:  per inference: the bytes of all outputs of edge_run; then, from a hooked second run on the same input, for
 *         every row that a kernel wrote {u16 map, u16 row, u32 bytes, the row as dense NHWC}; then {u16 0xffff, u16 0,
 * u32 0}
 *
 * Arenas are painted before each run with a byte that changes, and lie between guard bytes that must survive. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/model.h"
#include "edge_hooks.h"

extern const edge_model EDGE_SIM_MODEL;
static const edge_model *const model = &EDGE_SIM_MODEL;

enum { GUARD = 64, GUARD_BYTE = 0xC3 };

static void write_all(const void *data, size_t bytes) {
    if (bytes > 0 && fwrite(data, 1, bytes, stdout) != bytes) {
        exit(3);
    }
}

static void write_record(uint16_t map, uint16_t row, uint32_t bytes) {
    const uint16_t ids[2] = {map, row};
    write_all(ids, sizeof ids);
    write_all(&bytes, sizeof bytes);
}

static void before(void *user, const edge_model *m, uint16_t op) {
    (void)user;
    (void)m;
    (void)op;
}

static void after(void *user, const edge_model *m, uint16_t op_index, edge_span span, const edge_rows *out) {
    (void)user;
    const edge_op *op = &m->ops[op_index];
    for (unsigned k = 0; k < op->outputs; k++) {
        const edge_port *port = &m->op_ports[op->port + op->inputs + k];
        const edge_window *window = &m->windows[port->window];
        const edge_map *map = &m->maps[port->map];
        const edge_rows *view = &out[k];
        for (unsigned i = view->valid_from; i < view->valid_to; i++) {
            const int row = view->y + (int)i + (window->frame_rows > 0 ? span.frame * window->frame_rows : 0);
            const uint32_t bytes = (uint32_t)map->pixels * map->pixel_bytes;
            write_record(port->map, (uint16_t)row, bytes);
            for (size_t x = 0; x < map->pixels; x++) {
                write_all(view->row[i] + x * view->pitch, map->pixel_bytes);
            }
        }
    }
}

static uint8_t *regions[EDGE_REGIONS];

static void paint(uint8_t byte) {
    for (unsigned r = 0; r < model->n_regions; r++) {
        memset(regions[r] - GUARD, GUARD_BYTE, GUARD);
        memset(regions[r], byte, model->region_bytes[r]);
        memset(regions[r] + model->region_bytes[r], GUARD_BYTE, GUARD);
    }
}

static void check_guards(void) {
    for (unsigned r = 0; r < model->n_regions; r++) {
        for (unsigned i = 0; i < GUARD; i++) {
            if (regions[r][-1 - (int)i] != GUARD_BYTE || regions[r][model->region_bytes[r] + i] != GUARD_BYTE) {
                fputs("edge_sim: a byte outside the arena was written\n", stderr);
                exit(4);
            }
        }
    }
}

static const uint8_t *row_of(const uint8_t *bytes, unsigned input, unsigned row) {
    for (unsigned k = 0; k < input; k++) {
        bytes += model->inputs[k].bytes;
    }
    const edge_map *map = &model->maps[model->inputs[input].map];
    return bytes + (size_t)row * map->pixels * map->pixel_bytes;
}

static void serve(void *user, unsigned input, unsigned row, void *to) {
    const edge_map *map = &model->maps[model->inputs[input].map];
    memcpy(to, row_of(user, input, row), (size_t)map->pixels * map->pixel_bytes);
}

static uint8_t *outputs; /* of one inference, in signature order */

static uint8_t *output_at(unsigned output) {
    uint8_t *at = outputs;
    for (unsigned k = 0; k < output; k++) {
        at += model->outputs[k].bytes;
    }
    return at;
}

/* Rows must come in order: the next one of output k is next_row[k]. */
static unsigned next_row[256];

static void take(void *user, unsigned output, unsigned row, const void *data) {
    (void)user;
    if (row != next_row[output]++) {
        fputs("edge_sim: a row of a streamed output is out of order\n", stderr);
        exit(5);
    }
    const edge_map *map = &model->maps[model->outputs[output].map];
    const size_t bytes = (size_t)map->pixels * map->pixel_bytes;
    memcpy(output_at(output) + row * bytes, data, bytes);
}

static void begin_outputs(edge_ctx *ctx) {
    memset(next_row, 0, sizeof next_row);
    edge_set_sink(model, ctx, take, NULL);
}

/* Every streamed row has come; the resident outputs are copied beside them. */
static void end_outputs(edge_ctx *ctx) {
    for (unsigned k = 0; k < model->n_outputs; k++) {
        if (!model->outputs[k].streamed) {
            memcpy(output_at(k), edge_output(model, ctx, k), model->outputs[k].bytes);
        } else if (edge_output(model, ctx, k) != NULL || next_row[k] != model->maps[model->outputs[k].map].rows) {
            fputs("edge_sim: rows of a streamed output are missing\n", stderr);
            exit(5);
        }
    }
}

/* Resident inputs are written, streamed ones served. */
static void give_inputs(edge_ctx *ctx, uint8_t *bytes) {
    for (unsigned k = 0; k < model->n_inputs; k++) {
        void *input = edge_input(model, ctx, k);
        if (input != NULL) {
            memcpy(input, row_of(bytes, k, 0), model->inputs[k].bytes);
        }
    }
    edge_set_source(model, ctx, serve, bytes);
}

/* Every row in the order in which the model wants them. */
static edge_status push_all(edge_ctx *ctx, uint8_t *bytes) {
    edge_set_source(model, ctx, NULL, NULL);
    edge_status status = EDGE_OK;
    while (status == EDGE_OK || status == EDGE_ROW) {
        unsigned input = 0, row = 0;
        void *place = edge_wanted(model, ctx, &input, &row);
        if (place == NULL) {
            status = edge_step(model, ctx);
            while (status == EDGE_MORE) {
                status = edge_step(model, ctx);
            }
            place = edge_wanted(model, ctx, &input, &row);
            if (status != EDGE_ROW || place == NULL) {
                return status;
            }
        }
        const uint8_t *from = row_of(bytes, input, row);
        if (model->n_again > 0) { /* it takes rows only where it wants them */
            serve(bytes, input, row, place);
            from = place;
        }
        status = edge_push_row(model, ctx, from);
        if (status == EDGE_OK) {
            return status;
        }
    }
    return status;
}

int main(int argc, char **argv) {
    const bool push = argc > 1 && strcmp(argv[1], "push") == 0;
    size_t input_bytes = 0;
    for (unsigned k = 0; k < model->n_inputs; k++) {
        input_bytes += model->inputs[k].bytes;
    }
    size_t output_bytes = 0;
    for (unsigned k = 0; k < model->n_outputs; k++) {
        output_bytes += model->outputs[k].bytes;
    }
    for (unsigned r = 0; r < model->n_regions; r++) {
        uint8_t *block = aligned_alloc(64, (2u * GUARD + model->region_bytes[r] + 63u) / 64u * 64u);
        if (block == NULL) {
            return 2;
        }
        regions[r] = block + GUARD;
    }
    const uint32_t ctx_bytes = (uint32_t)EDGE_CTX_BYTES(model->ports, model->rows);
    edge_ctx *ctx = malloc(ctx_bytes);
    uint8_t *input = malloc(input_bytes + 1);
    outputs = malloc(output_bytes + 1);
    if (ctx == NULL || input == NULL || outputs == NULL || edge_init(model, ctx, ctx_bytes, regions) != EDGE_OK) {
        return 2;
    }
    const edge_hooks hooks = {.before = before, .after = after, .user = NULL};
    uint8_t seed = 0x5A;
    if (argc > 1 && strncmp(argv[1], "calls", 5) == 0) {
        paint(seed);
        edge_reset(model, ctx);
        const bool pushes = strcmp(argv[1], "calls-push") == 0;
        while (fread(input, 1, input_bytes, stdin) == input_bytes) {
            give_inputs(ctx, input);
            begin_outputs(ctx);
            if ((pushes ? push_all(ctx, input) : edge_run(model, ctx)) != EDGE_OK) {
                return 2;
            }
            check_guards();
            end_outputs(ctx);
            write_all(outputs, output_bytes);
        }
    }
    while (fread(input, 1, input_bytes, stdin) == input_bytes) {
        paint(seed);
        give_inputs(ctx, input);
        begin_outputs(ctx);
        if ((push ? push_all(ctx, input) : edge_run(model, ctx)) != EDGE_OK) {
            return 2;
        }
        check_guards();
        end_outputs(ctx);
        write_all(outputs, output_bytes);
        paint((uint8_t)~seed);
        give_inputs(ctx, input);
        begin_outputs(ctx);
        if (edge_run_hooked(model, ctx, &hooks) != EDGE_OK) {
            return 2;
        }
        check_guards();
        end_outputs(ctx);
        write_record(0xffff, 0, 0);
        seed = (uint8_t)(seed * 5u + 1u);
    }
    fflush(stdout);
    for (unsigned r = 0; r < model->n_regions; r++) {
        free(regions[r] - GUARD);
    }
    free(ctx);
    free(input);
    free(outputs);
    return 0;
}
