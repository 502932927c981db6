/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_app_state.h"
#include "edge_text.h"

static edge_app app;

bool edge_app_select(edge_app *a, uint16_t index) {
    a->selected = NULL;
    a->ran = false;
    a->painted = false;
    a->serves = false;
    a->waiting.waits = false;
    a->db.size = 0;
    a->db.loaded = 0;
    if (index >= edge_app_model_count) {
        return false;
    }
    const edge_app_model *m = &edge_app_models[index];
    if (edge_init(m->model, m->ctx, m->ctx_bytes, m->regions) != EDGE_OK) {
        return false;
    }
    a->selected = m;
    return true;
}

void edge_app_start(void) {
    app = (edge_app){0};
    edge_app_select(&app, 0);
    edge_text("m-timestamp-mode-performance\r\nm-init-done\r\nm-ready\r\n");
}

static void feed_command(edge_app *a, uint8_t byte) {
    if (byte == 0) { /* a delimiter of frames that a host sent too early or too late */
        return;
    }
    if (byte != '%') {
        if (a->command_length == EDGE_COMMAND_BYTES) {
            a->command_too_long = true;
        } else {
            a->buffer[a->command_length++] = byte;
        }
        return;
    }
    edge_app_command(a);
    a->command_length = 0;
    a->command_too_long = false;
}

void edge_app_feed(uint8_t byte) {
    if (!app.framed) {
        feed_command(&app, byte);
    } else if (edge_frame_feed(&app.rx, byte)) {
        edge_app_request(&app);
    }
}

void edge_app_fault(const edge_fault *fault) {
    app.fault = *fault;
    app.faulted = true;
    if (app.framed) {
        edge_app_fault_frame(&app, 0);
        edge_frame_begin(&app.rx, app.buffer, EDGE_FRAME_BYTES);
    } else {
        app.command_length = 0;
        edge_app_fault_line(&app);
    }
    for (;;) {
        edge_app_feed((uint8_t)edge_port_getc());
    }
}
