/* SPDX-License-Identifier: Apache-2.0 */
/* `db` of the MLPerf Tiny API: the input by hex digits. */
#include "edge_mlperf.h"
#include "edge_text.h"

#include <string.h>

#if EDGE_APP_MLPERF

edge_task edge_task_of(const edge_app_model *m) {
    if (m->model->n_inputs != 1 || m->model->inputs[0].dtype != EDGE_INT8 || m->model->inputs[0].streamed) {
        return EDGE_TASK_RAW;
    }
    if (edge_text_equal(m->id, "ic01") || edge_text_equal(m->id, "ic02") || edge_text_equal(m->id, "vww01")) {
        return EDGE_TASK_IMAGE;
    }
    if (edge_text_equal(m->id, "ad01") && m->model->n_outputs == 1 && m->model->outputs[0].dtype == EDGE_INT8 &&
        m->model->outputs[0].bytes == m->model->inputs[0].bytes) {
        return EDGE_TASK_ANOMALY;
    }
    return EDGE_TASK_RAW;
}

uint32_t edge_input_bytes(const edge_model *model) {
    uint32_t sum = 0;
    for (unsigned k = 0; k < model->n_inputs; k++) {
        sum += model->inputs[k].bytes;
    }
    return sum;
}

uint32_t edge_db_expected(const edge_app_model *m) {
    return edge_task_of(m) == EDGE_TASK_ANOMALY ? 4 * m->model->inputs[0].bytes : edge_input_bytes(m->model);
}

uint8_t *edge_db_bytes(edge_db *db) {
#if EDGE_APP_DB_BYTES > 0
    return db->bytes;
#else
    (void)db;
    return NULL;
#endif
}

/* Byte `at` of the inputs, taken as one string. */
static uint8_t *input_at(const edge_app_model *m, uint32_t at) {
    unsigned k = 0;
    while (at >= m->model->inputs[k].bytes) {
        at -= m->model->inputs[k++].bytes;
    }
    return (uint8_t *)edge_input(m->model, m->ctx, k) + at;
}

static uint8_t *db_at(edge_app *app, uint32_t at) {
    return app->db.direct ? input_at(app->selected, at) : edge_db_bytes(&app->db) + at;
}

static void db_load(edge_app *app, const char *argument) {
    if (argument == NULL) {
        edge_text_error("Command 'db load' requires the # of bytes");
        return;
    }
    const int32_t n = edge_text_number(argument);
    app->db.size = 0;
    app->db.loaded = 0;
    if (n <= 0) {
        edge_text_error("Command 'db load' must be >0 bytes");
        return;
    }
    const uint32_t size = (uint32_t)n;
    const edge_model *model = app->selected->model;
    app->db.direct = size > EDGE_APP_DB_BYTES;
    if (edge_app_streams(model) ||
        (app->db.direct && (edge_task_of(app->selected) == EDGE_TASK_ANOMALY || size > edge_input_bytes(model)))) {
        edge_text_error("Buffer too small");
        return;
    }
    app->db.size = size;
    edge_text("m-[Expecting ");
    edge_text_u64(size);
    edge_text(" bytes]\r\n");
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void db_hex(edge_app *app, const char *hex) {
    edge_db *db = &app->db;
    if (strlen(hex) % 2 != 0) {
        edge_text_error("Insufficent number of hex digits"); /* the API's own spelling */
        return;
    }
    if (db->loaded == db->size) {
        edge_text_error("Buffer too small");
        return;
    }
    for (; *hex != '\0'; hex += 2) {
        const int high = hex_digit(hex[0]);
        const int low = hex_digit(hex[1]);
        if (high < 0 || low < 0) {
            edge_text("e-[Invalid hex digit '");
            edge_port_putc((uint8_t)(hex[0] >= ' ' && hex[0] <= '~' ? hex[0] : '?'));
            edge_port_putc((uint8_t)(hex[1] >= ' ' && hex[1] <= '~' ? hex[1] : '?'));
            edge_text("']\r\n");
            return;
        }
        if (db->direct) {
            app->ran = false; /* the input may share memory with the last outputs */
        }
        *db_at(app, db->loaded) = (uint8_t)(high * 16 + low);
        if (++db->loaded == db->size) {
            edge_text("m-load-done\r\n");
            return; /* what is left of the digits is ignored */
        }
    }
}

static void db_print(edge_app *app) {
    for (uint32_t i = 0; i < app->db.loaded; i++) {
        edge_text(i % 8 == 0 ? "m-buffer-" : "-");
        edge_text_hex(*db_at(app, i), 2);
        if (i % 8 == 7 || i + 1 == app->db.loaded) {
            edge_text("\r\n");
        }
    }
}

void edge_app_db(edge_app *app, const char *verb, const char *argument) {
    if (app->selected == NULL) {
        edge_text_error("No model");
    } else if (verb == NULL) {
        edge_text_error("Command 'db' requires a subcommand");
    } else if (edge_text_equal(verb, "load")) {
        db_load(app, argument);
    } else if (edge_text_equal(verb, "print")) {
        db_print(app);
    } else {
        db_hex(app, verb);
    }
}

#endif
