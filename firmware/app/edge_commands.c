/* SPDX-License-Identifier: Apache-2.0 */
/* The text commands of the MLPerf Tiny API (mlcommons/tiny, benchmark/api), and `edge bin` and `edge reset`. */
#include "edge_app_state.h"
#include "edge_text.h"

enum { WORDS = 3 };

static const char firmware[] = "ULPMark for tinyML Firmware V0.0.1"; /* the runner compares it */

#if EDGE_APP_MLPERF
static void help(void) {
    edge_text(firmware);
    edge_text("\r\n\r\n"
              "help         : this text\r\n"
              "name         : name of the device\r\n"
              "profile      : firmware and model\r\n"
              "timestamp    : time in microseconds\r\n"
              "db load N    : expect N bytes of input\r\n"
              "db HH[HH]*   : bytes in hex, until there are N\r\n"
              "db print     : print the bytes\r\n"
              "infer N [W]  : W inferences to warm up (10), then N timed ones\r\n"
              "results      : the last results\r\n"
              "edge bin     : switch to frames\r\n"
              "edge reset   : restart\r\n");
}
#endif

/* Words are separated by spaces; the command is cut up where it lies. */
static unsigned split(char *command, const char *words[WORDS]) {
    unsigned n = 0;
    bool inside = false;
    for (; *command != '\0'; command++) {
        if (*command == ' ') {
            *command = '\0';
            inside = false;
        } else if (!inside) {
            if (n == WORDS) {
                break;
            }
            words[n++] = command;
            inside = true;
        }
    }
    return n;
}

static void unknown(const char *word) {
    edge_text("e-[Unknown command: ");
    for (; *word != '\0'; word++) {
        edge_port_putc((uint8_t)(*word >= ' ' && *word <= '~' ? *word : '?'));
    }
    edge_text("]\r\n");
}

static void switch_to_frames(edge_app *app) {
    app->framed = true;
    app->kept = false;
    app->waiting.waits = false;
    app->db.size = 0;
    app->db.loaded = 0;
    app->ran = false;
    edge_frame_begin(&app->rx, app->buffer, EDGE_FRAME_BYTES);
}

static void faulted_command(edge_app *app, const char *const words[WORDS]) {
    if (edge_text_equal(words[0], "edge") && edge_text_equal(words[1], "reset")) {
        edge_port_reset();
    }
    if (edge_text_equal(words[0], "edge") && edge_text_equal(words[1], "bin")) {
        switch_to_frames(app);
        edge_app_fault_frame(app, 0);
        return;
    }
    edge_app_fault_line(app);
}

/* What small boards leave out: the commands that feed and time a model, and help. False where this is none of them. */
static bool benchmark(edge_app *app, const char *const words[WORDS], unsigned n) {
#if EDGE_APP_MLPERF
    const char *first = n > 1 ? words[1] : NULL;
    const char *second = n > 2 ? words[2] : NULL;
    if (edge_text_equal(words[0], "help")) {
        help();
    } else if (edge_text_equal(words[0], "timestamp")) {
        edge_text_timestamp();
    } else if (edge_text_equal(words[0], "db")) {
        edge_app_db(app, first, second);
    } else if (edge_text_equal(words[0], "infer")) {
        edge_app_infer(app, first, second);
    } else if (edge_text_equal(words[0], "results")) {
        edge_app_results(app);
    } else {
        return false;
    }
    return true;
#else
    (void)app;
    (void)words;
    (void)n;
    return false;
#endif
}

void edge_app_command(edge_app *app) {
    const char *words[WORDS] = {"", "", ""};
    app->buffer[app->command_length] = '\0';
    const unsigned n = split((char *)app->buffer, words);
    const char *verb = words[0];
    if (app->faulted) {
        faulted_command(app, words);
        return;
    }
    if (app->command_too_long) {
        edge_text_error("Command too long");
    } else if (edge_text_equal(verb, "name")) {
        edge_text("m-name-dut-[edgesdk]\r\n");
    } else if (edge_text_equal(verb, "profile")) {
        edge_text("m-profile-[");
        edge_text(firmware);
        edge_text("]\r\nm-model-[");
        edge_text(app->selected != NULL ? app->selected->id : "");
        edge_text("]\r\n");
    } else if (edge_text_equal(verb, "edge") && edge_text_equal(words[1], "reset")) {
        edge_port_reset();
    } else if (edge_text_equal(verb, "edge") && edge_text_equal(words[1], "bin")) {
        edge_text("m-edge-bin\r\nm-ready\r\n");
        switch_to_frames(app);
        return;
    } else if (!benchmark(app, words, n)) {
        unknown(verb);
    }
    edge_text("m-ready\r\n");
}

void edge_app_fault_line(const edge_app *app) {
    const edge_fault *f = &app->fault;
    const struct {
        const char *name;
        uint32_t value;
    } fields[] = {
        {"kind", f->kind},     {"pc", f->pc},       {"lr", f->lr_or_ra},     {"sp", f->sp},
        {"status", f->status}, {"cause", f->cause}, {"address", f->address},
    };
    edge_text("\r\ne-[fault");
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        edge_port_putc(' ');
        edge_text(fields[i].name);
        edge_text("=0x");
        edge_text_hex(fields[i].value, 8);
    }
    edge_text("]\r\n");
}
