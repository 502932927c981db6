/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of streamed outputs: each enters the outputs' CRC as it comes and, where the host wants them, leaves in DATA
 * frames. The device keeps none. */
#include "edge_app_state.h"
#include "edge_crc32.h"

/* Adds bytes [at, at + bytes) of output k to the CRC of all outputs. A CRC is linear: what a piece adds to it depends
 * on the piece and on how many bytes follow, so rows of several outputs may come in any order. */
static uint32_t added(const edge_model *model, uint32_t crc, unsigned k, uint32_t at, const void *data,
                      uint32_t bytes) {
    uint32_t behind = model->outputs[k].bytes - at - bytes;
    for (unsigned j = k + 1; j < model->n_outputs; j++) {
        behind += model->outputs[j].bytes;
    }
    return crc ^ edge_crc32_shifted(~edge_crc32(~0u, data, bytes), behind);
}

static void take(void *user, unsigned output, unsigned row, const void *data) {
    edge_app *app = user;
    const edge_stamp from = edge_app_stamp_before();
    const edge_model *model = app->selected->model;
    const edge_map *map = &model->maps[model->outputs[output].map];
    const uint32_t bytes = (uint32_t)map->pixels * map->pixel_bytes;
    app->output_crc = added(model, app->output_crc, output, row * bytes, data, bytes);
    if (app->sends) {
        edge_app_data_row(app, (uint16_t)row, (uint16_t)output, map, data);
    }
    edge_app_charge(app, from);
}

static void open_sink(edge_app *app) {
    app->output_crc = 0;
    edge_set_sink(app->selected->model, app->selected->ctx, take, app);
}

static uint32_t output_crc(const edge_app *app) {
    const edge_app_model *m = app->selected;
    uint32_t crc = app->output_crc, total = 0;
    for (unsigned k = 0; k < m->model->n_outputs; k++) {
        const edge_io *io = &m->model->outputs[k];
        if (!io->streamed) {
            crc = added(m->model, crc, k, 0, edge_output(m->model, m->ctx, k), io->bytes);
        }
        total += io->bytes;
    }
    return ~(crc ^ edge_crc32_shifted(~0u, total));
}

const edge_app_leaving edge_app_leaves = {.open = open_sink, .crc = output_crc};
