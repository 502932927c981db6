/* SPDX-License-Identifier: Apache-2.0 */
/* `infer` and `results` of the MLPerf Tiny API.
 *
 * edge_run consumes its input, so an input that serves several inferences is kept in the db buffer and copied before
 * each of them, inside the timed window. One that does not fit there goes straight into the model's input and serves
 * once. A streamed input has no place to wait in: such a model runs on the default input. A streamed output is not
 * kept, so it has no results. */
#include "edge_mlperf.h"
#include "edge_text.h"

#include <string.h>

#if EDGE_APP_MLPERF

/* uint8 to int8 with the zero point moved by 128: the top bit, four pixels at a time. */
static void copy_image(uint8_t *to, const uint8_t *from, uint32_t bytes) {
    uint32_t i = 0;
    for (; i + 4 <= bytes; i += 4) {
        uint32_t word;
        memcpy(&word, from + i, 4);
        word ^= 0x80808080u;
        memcpy(to + i, &word, 4);
    }
    for (; i < bytes; i++) {
        to[i] = from[i] ^ 0x80u;
    }
}

/* round(value / scale) + zero_point, ties away from zero, cut to int8; a NaN is cut to -128. */
static int8_t quantize(float value, const edge_io *io) {
    const float q = value / io->scale;
    if (!(q > -1024.0f)) {
        return -128;
    }
    if (q > 1024.0f) {
        return 127;
    }
    int32_t whole = (int32_t)q;
    const float rest = q - (float)whole;
    if (rest >= 0.5f) {
        whole++;
    } else if (rest <= -0.5f) {
        whole--;
    }
    whole += io->zero_point;
    return (int8_t)(whole < -128 ? -128 : whole > 127 ? 127 : whole);
}

static float dequantize(const edge_io *io, const void *bytes, uint32_t i) {
    int32_t q;
    float real;
    switch ((edge_dtype)io->dtype) {
    case EDGE_FLOAT32:
        memcpy(&real, (const uint8_t *)bytes + 4 * i, 4);
        return real;
    case EDGE_INT32:
        memcpy(&q, (const uint8_t *)bytes + 4 * i, 4);
        break;
    case EDGE_UINT8:
        q = ((const uint8_t *)bytes)[i];
        break;
    default:
        q = ((const int8_t *)bytes)[i];
    }
    real = (float)(q - io->zero_point);
    return io->scale > 0.0f ? real * io->scale : real;
}

static float window(const edge_app *app, uint32_t i) {
    float value;
    memcpy(&value, edge_db_bytes((edge_db *)(uintptr_t)&app->db) + 4 * i, 4);
    return value;
}

/* The input as the model takes it, behind the floats in the db buffer. */
static int8_t *quantized(edge_app *app) {
    return (int8_t *)edge_db_bytes(&app->db) + edge_db_expected(app->selected);
}

static void fill_input(edge_app *app) {
    const edge_app_model *m = app->selected;
    const edge_task t = edge_task_of(m);
    const uint8_t *from = edge_db_bytes(&app->db);
    for (unsigned k = 0; k < m->model->n_inputs; k++) {
        uint8_t *to = edge_input(m->model, m->ctx, k);
        const uint32_t bytes = m->model->inputs[k].bytes;
        if (t == EDGE_TASK_IMAGE) {
            copy_image(to, app->db.direct ? to : from, bytes);
        } else if (t == EDGE_TASK_ANOMALY) {
            memcpy(to, quantized(app), bytes);
        } else if (!app->db.direct) {
            memcpy(to, from, bytes);
            from += bytes;
        }
    }
}

static bool inferences(edge_app *app, int32_t n) {
    while (n-- > 0) {
        if (edge_app_streams(app->selected->model)) {
            edge_app_default_input(app);
        } else {
            fill_input(app);
        }
        edge_app_open(app, (edge_overhead){0, 0});
        app->ran = edge_run(app->selected->model, app->selected->ctx) == EDGE_OK;
        if (!app->ran) {
            return false;
        }
    }
    return true;
}

/* ad01's result: the mean squared difference of the window and its reconstruction. */
static float score(edge_app *app) {
    const edge_app_model *m = app->selected;
    const uint32_t n = m->model->inputs[0].bytes;
    float sum = 0.0f;
    for (uint32_t i = 0; i < n; i++) {
        const float difference =
            dequantize(&m->model->outputs[0], edge_output(m->model, m->ctx, 0), i) - window(app, i);
        sum += difference * difference;
    }
    return sum / (float)n;
}

static bool leaves(const edge_app *app) {
    return app->selected->model->outputs[0].streamed;
}

static bool ready(edge_app *app, int32_t inferences_wanted) {
    const edge_app_model *m = app->selected;
    const uint32_t expected = edge_db_expected(m);
    const bool anomaly = edge_task_of(m) == EDGE_TASK_ANOMALY;
    if (edge_app_streams(m->model)) {
        return true;
    }
    if (app->db.loaded != expected || app->db.loaded != app->db.size) {
        edge_text("e-[Input has ");
        edge_text_u64(app->db.loaded);
        edge_text(" bytes, the model takes ");
        edge_text_u64(expected);
        edge_text("]\r\n");
        return false;
    }
    if ((app->db.direct && inferences_wanted > 1) ||
        (anomaly && expected + m->model->inputs[0].bytes > EDGE_APP_DB_BYTES)) {
        edge_text_error("Buffer too small");
        return false;
    }
    return true;
}

static void lap(const char *before, int32_t count) {
    edge_text(before);
    edge_text_u64((uint64_t)count);
    edge_text("\r\n");
}

void edge_app_infer(edge_app *app, const char *n_text, const char *warmup_text) {
    const int32_t n = n_text != NULL ? edge_text_number(n_text) : 1;
    const int32_t warmup = warmup_text != NULL ? edge_text_number(warmup_text) : 10;
    if (app->selected == NULL) {
        edge_text_error("No model");
        return;
    }
    if (n <= 0) {
        edge_text_error("Inference iterations must be >0");
        return;
    }
    if (warmup < 0) {
        edge_text_error("Inference warmup must be >=0");
        return;
    }
    if (!ready(app, n + warmup)) {
        return;
    }
    const bool anomaly = edge_task_of(app->selected) == EDGE_TASK_ANOMALY;
    if (anomaly) {
        for (uint32_t i = 0; i < app->selected->model->inputs[0].bytes; i++) {
            quantized(app)[i] = quantize(window(app, i), &app->selected->model->inputs[0]);
        }
    }
    lap("m-warmup-start-", warmup);
    bool ok = inferences(app, warmup);
    edge_text("m-warmup-done\r\n");
    lap("m-infer-start-", n);
    edge_text_timestamp();
    ok = ok && inferences(app, n);
    edge_text_timestamp();
    edge_text("m-infer-done\r\n");
    if (app->db.direct) {
        app->db.loaded = 0; /* consumed */
    }
    if (!ok) {
        edge_text_error("Run failed");
        return;
    }
    if (anomaly && !leaves(app)) {
        app->db.score = score(app);
    }
    edge_app_results(app);
}

void edge_app_results(edge_app *app) {
    const edge_app_model *m = app->selected;
    if (m == NULL || !app->ran) {
        edge_text_error("No results");
        return;
    }
    if (leaves(app)) {
        edge_text_error("Output is streamed");
        return;
    }
    edge_text("m-results-[");
    if (edge_task_of(m) == EDGE_TASK_ANOMALY) {
        edge_text_milli(app->db.score);
    } else {
        const edge_io *io = &m->model->outputs[0];
        const uint32_t n = io->dtype >= EDGE_INT32 ? io->bytes / 4 : io->bytes;
        for (uint32_t i = 0; i < n; i++) {
            if (i > 0) {
                edge_port_putc(',');
            }
            edge_text_milli(dequantize(io, edge_output(m->model, m->ctx, 0), i));
        }
    }
    edge_text("]\r\n");
}

#endif
