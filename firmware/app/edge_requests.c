/* SPDX-License-Identifier: Apache-2.0 */
/* The requests of docs/protocol.md: what the device is, its memory, and the table of them all. */
#include "edge_requests.h"
#include "edge_text.h"
#include "edge_wire.h"

static int32_t hello(edge_app *app, uint16_t length) {
    (void)length;
    uint8_t *p = edge_payload(app);
    const uint8_t *end = p + EDGE_APP_PAYLOAD;
    p = edge_put_u8(p, EDGE_PROTOCOL_VERSION);
    p = edge_put_u8(p, edge_port_has_cycles());
    p = edge_put_u16(p, EDGE_APP_PAYLOAD);
    p = edge_put_u32(p, edge_port_ticks_hz());
    p = edge_put_u32(p, edge_port_ns_per_instruction());
    p = edge_put_u16(p, edge_app_model_count);
    p = edge_put_u16(p, EDGE_APP_PROFILE_OPS);
    p = edge_put_text(p, end, EDGE_APP_VERSION "\n" EDGE_APP_BOARD "\n" EDGE_APP_CORE);
    return edge_length_to(app, p);
}

static const edge_app_model *model_at(const uint8_t *index) {
    const uint16_t i = edge_get_u16(index);
    return i < edge_app_model_count ? &edge_app_models[i] : NULL;
}

static int32_t model_info(edge_app *app, uint16_t length) {
    (void)length;
    const edge_app_model *m = model_at(edge_payload(app));
    if (m == NULL) {
        return -EDGE_ERROR_MODEL;
    }
    uint8_t *p = edge_payload(app);
    const uint8_t *end = p + EDGE_APP_PAYLOAD;
    p = edge_put_u32(p, m->model->model_crc);
    p = edge_put_u32(p, m->model->plan_crc);
    p = edge_put_u32(p, m->ctx_bytes);
    p = edge_put_u16(p, m->model->n_ops);
    p = edge_put_u16(p, m->model->n_maps);
    p = edge_put_u8(p, m->model->n_inputs);
    p = edge_put_u8(p, m->model->n_outputs);
    p = edge_put_u8(p, m->model->n_regions);
    p = edge_put_u8(p, 0);
    for (unsigned i = 0; i < EDGE_REGIONS; i++) {
        p = edge_put_u32(p, m->model->region_bytes[i]);
    }
    p = edge_put_text(p, end, m->id);
    return edge_length_to(app, p);
}

static int32_t io_info(edge_app *app, uint16_t length) {
    (void)length;
    uint8_t *p = edge_payload(app);
    const edge_app_model *m = model_at(p);
    if (m == NULL) {
        return -EDGE_ERROR_MODEL;
    }
    const bool output = p[2] != 0;
    const uint8_t k = p[3];
    if (k >= (output ? m->model->n_outputs : m->model->n_inputs)) {
        return -EDGE_ERROR_RANGE;
    }
    const edge_io *io = output ? &m->model->outputs[k] : &m->model->inputs[k];
    p = edge_put_u32(p, io->bytes);
    p = edge_put_f32(p, io->scale);
    p = edge_put_u32(p, (uint32_t)io->zero_point);
    p = edge_put_u8(p, io->dtype);
    p = edge_put_u8(p, io->streamed);
    return edge_length_to(app, p);
}

static int32_t select_model(edge_app *app, uint16_t length) {
    (void)length;
    uint8_t *p = edge_payload(app);
    const uint64_t from = edge_port_ticks();
    const bool ok = edge_app_select(app, edge_get_u16(p));
    const uint64_t ticks = edge_port_ticks() - from;
    if (!ok) {
        return -EDGE_ERROR_MODEL;
    }
    p = edge_put_u32(p, app->selected->model->model_crc);
    p = edge_put_u32(p, app->selected->model->plan_crc);
    p = edge_put_u64(p, ticks);
    return edge_length_to(app, p);
}

static int32_t memory(edge_app *app, uint16_t length) {
    (void)length;
    const edge_app_model *m = app->selected;
    uint8_t *p = edge_payload(app);
    p = edge_put_u32(p, sizeof(edge_app));
    p = edge_put_u32(p, m->ctx_bytes);
    p = edge_put_u32(p, app->stack_used);
    p = edge_put_u8(p, app->painted);
    for (unsigned i = 0; i < EDGE_REGIONS; i++) {
        p = edge_put_u32(p, app->painted && i < m->model->n_regions ? edge_app_touched(app, i) : 0);
    }
    return edge_length_to(app, p);
}

static int32_t paint(edge_app *app, uint16_t length) {
    (void)length;
    edge_app_paint(app, *edge_payload(app));
    return 0;
}

static int32_t nothing(edge_app *app, uint16_t length) {
    (void)app;
    (void)length;
    return 0;
}

/* ONCE: a repeated frame gets the kept answer, not a second execution. LONGER: bytes follow the fields. */
enum { NEEDS_MODEL = 1, ONCE = 2, LONGER = 4 };

typedef struct request {
    int32_t (*answer)(edge_app *app, uint16_t length);
    uint8_t length; /* payload bytes */
    uint8_t flags;
} request;

static const request requests[] = {
    [EDGE_FRAME_HELLO] = {hello, 0, 0},
    [EDGE_FRAME_MODEL_INFO] = {model_info, 2, 0},
    [EDGE_FRAME_IO_INFO] = {io_info, 4, 0},
    [EDGE_FRAME_SELECT] = {select_model, 2, 0},
    [EDGE_FRAME_WRITE_INPUT] = {edge_request_write_input, 8, NEEDS_MODEL | LONGER},
    [EDGE_FRAME_DEFAULT_INPUT] = {edge_request_default_input, 0, NEEDS_MODEL},
    [EDGE_FRAME_RUN] = {edge_request_run, 0, NEEDS_MODEL | ONCE | LONGER},
    [EDGE_FRAME_READ_OUTPUT] = {edge_request_read_output, 8, NEEDS_MODEL},
    [EDGE_FRAME_PROFILE] = {edge_request_profile, 5, NEEDS_MODEL | ONCE},
    [EDGE_FRAME_READ_PROFILE] = {edge_request_read_profile, 4, NEEDS_MODEL},
    [EDGE_FRAME_CALIBRATE] = {edge_request_calibrate, 3, 0},
    [EDGE_FRAME_TRACE] = {edge_request_trace, 0, NEEDS_MODEL | ONCE},
    [EDGE_FRAME_DUMP] = {edge_request_dump, 2, NEEDS_MODEL | ONCE},
    [EDGE_FRAME_MEMORY] = {memory, 0, NEEDS_MODEL},
    [EDGE_FRAME_PAINT] = {paint, 1, NEEDS_MODEL},
    [EDGE_FRAME_RESET] = {nothing, 0, 0},
    [EDGE_FRAME_TEXT] = {nothing, 0, 0},
    [EDGE_FRAME_PUSH_ROW] = {edge_request_push_row, 8, NEEDS_MODEL | ONCE | LONGER},
};

static int32_t answer(edge_app *app, uint8_t type, uint16_t length) {
    const request *r = type < sizeof requests / sizeof requests[0] ? &requests[type] : NULL;
    if (r == NULL || r->answer == NULL) {
        return -EDGE_ERROR_TYPE;
    }
    if (length < r->length || (length > r->length && (r->flags & LONGER) == 0)) {
        return -EDGE_ERROR_LENGTH;
    }
    if ((r->flags & NEEDS_MODEL) != 0 && app->selected == NULL) {
        return -EDGE_ERROR_MODEL;
    }
    return r->answer(app, length);
}

void edge_app_fault_frame(edge_app *app, uint8_t seq) {
    const edge_fault *f = &app->fault;
    const uint32_t fields[] = {f->kind, f->pc, f->lr_or_ra, f->sp, f->status, f->cause, f->address};
    uint8_t *p = edge_payload(app);
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        p = edge_put_u32(p, fields[i]);
    }
    edge_frame_send(app->buffer, EDGE_FRAME_FAULT, seq, (uint16_t)edge_length_to(app, p));
}

void edge_app_request(edge_app *app) {
    const uint8_t type = app->buffer[0];
    const uint8_t seq = edge_seq(app);
    const uint16_t length = edge_get_u16(app->buffer + 2);
    const uint32_t crc = edge_get_u32(edge_payload(app) + length);

    if (app->faulted && type != EDGE_FRAME_RESET) {
        edge_app_fault_frame(app, seq);
        return;
    }
    if (app->kept && crc == app->kept_crc) {
        memcpy(edge_payload(app), app->kept_answer, app->kept_length);
        edge_frame_send(app->buffer, app->kept_type, seq, app->kept_length);
        return;
    }
    app->kept = false;
    if (type != EDGE_FRAME_PUSH_ROW) {
        app->waiting.waits = false; /* whoever asks for something else has given the run up */
        app->sends = false;
    }

    const int32_t made = answer(app, type, length);
    if (made < 0) {
        edge_put_u16(edge_payload(app), (uint16_t)-made);
        edge_frame_send(app->buffer, EDGE_FRAME_ERROR, seq, 2);
        return;
    }
    const uint8_t begun = type == EDGE_FRAME_PUSH_ROW ? app->waiting.kind : type;
    const uint8_t answer_type = app->waiting.waits ? EDGE_FRAME_WANTED : (uint8_t)(begun | EDGE_FRAME_ANSWER);
    if ((requests[type].flags & ONCE) != 0 && made <= EDGE_KEPT_BYTES) {
        app->kept = true;
        app->kept_crc = crc;
        app->kept_type = answer_type;
        app->kept_length = (uint8_t)made;
        memcpy(app->kept_answer, edge_payload(app), (size_t)made);
    }
    edge_frame_send(app->buffer, answer_type, seq, (uint16_t)made);
    if (type == EDGE_FRAME_RESET) {
        edge_port_reset();
    }
    if (type == EDGE_FRAME_TEXT) {
        app->framed = false;
        app->ran = false;
        app->command_length = 0;
        app->command_too_long = false;
        edge_text("m-ready\r\n");
    }
}
