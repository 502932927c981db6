/* SPDX-License-Identifier: Apache-2.0 */
/* This machine as a board: the UART is standard input and output, the counter is the monotonic clock. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "edge_port.h"

static uint8_t received[4096], sending[4096];
static size_t next_received, end_received, waiting;

static void flush(void) {
    for (size_t sent = 0; sent < waiting;) {
        const ssize_t n = write(STDOUT_FILENO, sending + sent, waiting - sent);
        if (n < 0 && errno != EINTR) {
            exit(1); /* nobody listens any more */
        }
        sent += n > 0 ? (size_t)n : 0;
    }
    waiting = 0;
}

/* Waits for input; its end is the end of the process. */
static void receive(void) {
    flush();
    ssize_t n;
    do {
        n = read(STDIN_FILENO, received, sizeof received);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) {
        exit(0);
    }
    next_received = 0;
    end_received = (size_t)n;
}

void edge_port_init(void) {}

int edge_port_getc(void) {
    if (next_received == end_received) {
        receive();
    }
    return received[next_received++];
}

bool edge_port_poll(uint8_t *byte) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    if (next_received == end_received && poll(&input, 1, 0) <= 0) {
        return false;
    }
    *byte = (uint8_t)edge_port_getc();
    return true;
}

void edge_port_putc(uint8_t byte) {
    if (waiting == sizeof sending) {
        flush();
    }
    sending[waiting++] = byte;
    if (byte == 0 && waiting > 1) { /* a frame is whole: the host may wait for it while the next work goes on */
        flush();
    }
}

uint64_t edge_port_ticks(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint32_t edge_port_ticks_hz(void) {
    return 1000000000u;
}

uint32_t edge_port_ns_per_instruction(void) {
    return 0;
}

bool edge_port_has_cycles(void) {
    return false;
}

uint64_t edge_port_cycles(void) {
    return 0;
}

_Noreturn void edge_port_reset(void) {
    flush();
    exit(0);
}

void edge_port_stack_paint(void) {}

uint32_t edge_port_stack_used(void) {
    return 0;
}
