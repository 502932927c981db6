/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that fill, profile and read the selected model. */
#include "edge_requests.h"
#include "edge_wire.h"

enum { PROFILE_RECORD_BYTES = 14, CALIBRATE_CALLS_MAX = 10000 };

int32_t edge_request_write_input(edge_app *app, uint16_t length) {
    const edge_app_model *m = app->selected;
    const uint8_t *p = edge_payload(app);
    const uint8_t k = p[0];
    const uint32_t offset = edge_get_u32(p + 4);
    const uint32_t bytes = (uint32_t)length - 8;
    if (k >= m->model->n_inputs) {
        return -EDGE_ERROR_RANGE;
    }
    const edge_io *io = &m->model->inputs[k];
    const uint32_t room = io->streamed ? 0 : io->bytes; /* a streamed input takes its rows one by one, in the run */
    if (offset > room || bytes > room - offset) {
        return -EDGE_ERROR_RANGE;
    }
    if (bytes > 0) {
        memcpy((uint8_t *)edge_input(m->model, m->ctx, k) + offset, p + 8, bytes);
    }
    app->serves = false;
    app->ran = false;
    return 0;
}

int32_t edge_request_default_input(edge_app *app, uint16_t length) {
    (void)length;
    if (!edge_app_default_input(app)) {
        return -EDGE_ERROR_DTYPE;
    }
    app->ran = false;
    return 0;
}

int32_t edge_request_read_output(edge_app *app, uint16_t length) {
    (void)length;
    const edge_app_model *m = app->selected;
    uint8_t *p = edge_payload(app);
    const uint8_t k = p[0];
    const uint16_t bytes = edge_get_u16(p + 2);
    const uint32_t offset = edge_get_u32(p + 4);
    if (bytes > EDGE_APP_PAYLOAD || k >= m->model->n_outputs || m->model->outputs[k].streamed ||
        offset > m->model->outputs[k].bytes || bytes > m->model->outputs[k].bytes - offset) {
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
    edge_accept(app, seq);
    const edge_status status = edge_app_profile(app, first, count, counter);
    p = edge_put_u32(p, (uint32_t)status);
    p = edge_put_u32(p, edge_app_output_crc(app));
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
