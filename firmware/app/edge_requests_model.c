/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that fill, run and read the selected model. */
#include "edge_requests.h"
#include "edge_wire.h"

enum { PROFILE_RECORD_BYTES = 14, CALIBRATE_CALLS_MAX = 10000 };

/* Tells the host that work has begun, which may take any time. Clobbers the payload. */
static void accept(edge_app *app, uint8_t seq) {
    edge_frame_send(app->buffer, EDGE_FRAME_ACCEPTED, seq, 0);
}

int32_t edge_request_write_input(edge_app *app, uint16_t length) {
    const edge_app_model *m = app->selected;
    const uint8_t *p = edge_payload(app);
    const uint8_t k = p[0];
    const uint32_t offset = edge_get_u32(p + 4);
    const uint32_t bytes = (uint32_t)length - 8;
    if (k >= m->model->n_inputs || offset > m->model->inputs[k].bytes || bytes > m->model->inputs[k].bytes - offset) {
        return -EDGE_ERROR_RANGE;
    }
    memcpy((uint8_t *)edge_input(m->model, m->ctx, k) + offset, p + 8, bytes);
    app->ran = false;
    return 0;
}

int32_t edge_request_default_input(edge_app *app, uint16_t length) {
    (void)length;
    const edge_app_model *m = app->selected;
    uint8_t value = 11; /* of (i * 37 + 11) mod 256, i running on over all inputs */
    for (unsigned k = 0; k < m->model->n_inputs; k++) {
        if (m->model->inputs[k].dtype > EDGE_UINT8) {
            return -EDGE_ERROR_DTYPE;
        }
    }
    for (unsigned k = 0; k < m->model->n_inputs; k++) {
        const edge_io *io = &m->model->inputs[k];
        const uint8_t flip = io->dtype == EDGE_UINT8 ? 0x80 : 0;
        uint8_t *in = edge_input(m->model, m->ctx, k);
        for (uint32_t i = 0; i < io->bytes; i++) {
            in[i] = value ^ flip;
            value = (uint8_t)(value + 37);
        }
    }
    app->ran = false;
    return 0;
}

int32_t edge_request_run(edge_app *app, uint16_t length) {
    (void)length;
    const uint8_t seq = edge_seq(app);
    accept(app, seq);
    const edge_run_result r = edge_app_run(app);
    uint8_t *p = edge_payload(app);
    p = edge_put_u32(p, (uint32_t)r.status);
    p = edge_put_u32(p, r.output_crc);
    p = edge_put_u64(p, r.ticks);
    p = edge_put_u64(p, r.cycles);
    p = edge_put_u32(p, r.overhead_ticks);
    p = edge_put_u32(p, r.overhead_cycles);
    p = edge_put_u32(p, r.stack);
    return edge_length_to(app, p);
}

int32_t edge_request_read_output(edge_app *app, uint16_t length) {
    (void)length;
    const edge_app_model *m = app->selected;
    uint8_t *p = edge_payload(app);
    const uint8_t k = p[0];
    const uint16_t bytes = edge_get_u16(p + 2);
    const uint32_t offset = edge_get_u32(p + 4);
    if (bytes > EDGE_APP_PAYLOAD || k >= m->model->n_outputs || offset > m->model->outputs[k].bytes ||
        bytes > m->model->outputs[k].bytes - offset) {
        return -EDGE_ERROR_RANGE;
    }
    memcpy(p, (const uint8_t *)edge_output(m->model, m->ctx, k) + offset, bytes);
    return bytes;
}

int32_t edge_request_profile(edge_app *app, uint16_t length) {
    (void)length;
    uint8_t *p = edge_payload(app);
    const uint16_t first = edge_get_u16(p);
    const uint16_t count = edge_get_u16(p + 2);
    const uint8_t counter = p[4];
    if (count > EDGE_APP_PROFILE_OPS || counter > EDGE_COUNTER_CYCLES) {
        return -EDGE_ERROR_RANGE;
    }
    const uint8_t seq = edge_seq(app);
    accept(app, seq);
    const edge_status status = edge_app_profile(app, first, count, counter);
    p = edge_put_u32(p, (uint32_t)status);
    p = edge_put_u32(p, edge_app_output_crc(app->selected));
    p = edge_put_u64(p, app->profile.total);
    return edge_length_to(app, p);
}

int32_t edge_request_read_profile(edge_app *app, uint16_t length) {
    (void)length;
    uint8_t *p = edge_payload(app);
    const edge_profile *profile = &app->profile;
    const uint32_t first = edge_get_u16(p);
    const uint32_t count = edge_get_u16(p + 2);
    if (count * PROFILE_RECORD_BYTES > EDGE_APP_PAYLOAD || first < profile->first ||
        first + count > (uint32_t)profile->first + profile->count) {
        return -EDGE_ERROR_RANGE;
    }
    for (uint32_t op = first; op < first + count; op++) {
        p = edge_put_u16(p, (uint16_t)op);
        p = edge_put_u32(p, profile->calls[op - profile->first]);
        p = edge_put_u64(p, profile->spent[op - profile->first]);
    }
    return edge_length_to(app, p);
}

int32_t edge_request_calibrate(edge_app *app, uint16_t length) {
    (void)length;
    uint8_t *p = edge_payload(app);
    const uint16_t calls = edge_get_u16(p);
    const uint8_t counter = p[2];
    if (calls == 0 || calls > CALIBRATE_CALLS_MAX || counter > EDGE_COUNTER_CYCLES) {
        return -EDGE_ERROR_RANGE;
    }
    uint64_t inner, outer;
    edge_app_calibrate(app, calls, counter, &inner, &outer);
    p = edge_put_u16(p, calls);
    p = edge_put_u64(p, inner);
    p = edge_put_u64(p, outer);
    return edge_length_to(app, p);
}

static int32_t stream(edge_app *app, edge_stream *s) {
    s->app = app;
    s->seq = edge_seq(app);
    accept(app, s->seq);
    edge_app_stream(s);
    app->buffer[1] = s->seq;
    uint8_t *p = edge_payload(app);
    p = edge_put_u32(p, (uint32_t)s->status);
    p = edge_put_u32(p, s->frames);
    p = edge_put_u32(p, s->records);
    p = edge_put_u32(p, s->crc);
    return edge_length_to(app, p);
}

int32_t edge_request_trace(edge_app *app, uint16_t length) {
    (void)length;
    edge_stream s = {.dump = false};
    return stream(app, &s);
}

int32_t edge_request_dump(edge_app *app, uint16_t length) {
    (void)length;
    edge_stream s = {.dump = true, .map = edge_get_u16(edge_payload(app))};
    return s.map < app->selected->model->n_maps ? stream(app, &s) : -EDGE_ERROR_RANGE;
}
