/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the requests: each function reads its payload from app->buffer, writes its answer over it and returns the
 * answer's length, or -edge_error_code. */
#ifndef EDGE_REQUESTS_H
#define EDGE_REQUESTS_H

#include "edge_app_state.h"

static inline uint8_t *edge_payload(edge_app *app) {
    return app->buffer + EDGE_FRAME_HEADER_BYTES;
}

static inline uint8_t edge_seq(const edge_app *app) {
    return app->buffer[1];
}

static inline int32_t edge_length_to(edge_app *app, const uint8_t *end) {
    return (int32_t)(end - edge_payload(app));
}

/* Tells the host that work has begun, which may take any time. Clobbers the payload. */
static inline void edge_accept(edge_app *app, uint8_t seq) {
    edge_frame_send(app->buffer, EDGE_FRAME_ACCEPTED, seq, 0);
}

/* edge_requests_model.c: what needs a selected model. */
int32_t edge_request_write_input(edge_app *app, uint16_t length);
int32_t edge_request_default_input(edge_app *app, uint16_t length);
int32_t edge_request_read_output(edge_app *app, uint16_t length);
int32_t edge_request_profile(edge_app *app, uint16_t length);
int32_t edge_request_read_profile(edge_app *app, uint16_t length);
int32_t edge_request_calibrate(edge_app *app, uint16_t length);

/* edge_requests_run.c */
int32_t edge_request_run(edge_app *app, uint16_t length);
int32_t edge_request_trace(edge_app *app, uint16_t length);
int32_t edge_request_dump(edge_app *app, uint16_t length);
int32_t edge_request_push_row(edge_app *app, uint16_t length);

#endif
