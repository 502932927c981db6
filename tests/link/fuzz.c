/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds the application random bytes, frames with right CRCs and random contents, and mutations of recorded sessions.
 * After each string it must still come to frame mode and greet, unless it was made to report a fault.
 *
 * fuzz SEED COUNT SESSION_FILE... */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app_models.h"
#include "edge_app.h"
#include "edge_crc32.h"
#include "edge_port.h"

enum { STRING_MAX = 4096, TAIL = 1100, KERNEL_CALLS = 2000 };

typedef enum ending { RAN_OUT = 1, RESET, TOO_LONG } ending;

static jmp_buf back;
static uint8_t input[STRING_MAX + 256];
static size_t input_length, input_next;
static uint8_t tail[TAIL]; /* ring of the bytes that were sent */
static size_t sent;
static unsigned kernel_calls;
static uint32_t seed;

static uint32_t random32(void) { /* xorshift */
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static uint32_t below(uint32_t n) {
    return random32() % n;
}

int edge_port_getc(void) {
    if (input_next == input_length) {
        longjmp(back, RAN_OUT);
    }
    return input[input_next++];
}

void edge_port_putc(uint8_t byte) {
    tail[sent++ % TAIL] = byte;
}

void edge_port_init(void) {}

uint64_t edge_port_ticks(void) {
    static uint64_t ticks;
    return ticks += 3;
}

uint32_t edge_port_ticks_hz(void) {
    return 25000000;
}

uint32_t edge_port_ns_per_instruction(void) {
    return 128;
}

bool edge_port_has_cycles(void) {
    return false;
}

uint64_t edge_port_cycles(void) {
    return 0;
}

_Noreturn void edge_port_reset(void) {
    longjmp(back, RESET);
}

void edge_port_stack_paint(void) {}

uint32_t edge_port_stack_used(void) {
    return 0;
}

void test_kernel_called(void) {
    if (++kernel_calls > KERNEL_CALLS) {
        longjmp(back, TOO_LONG);
    }
}

static void add(const void *bytes, size_t n) {
    if (input_length + n <= sizeof input) {
        memcpy(input + input_length, bytes, n);
        input_length += n;
    }
}

/* A frame with a right CRC; a plain COBS coder, independent of the application's. */
static void add_frame(uint8_t type, uint8_t seq, const uint8_t *payload, uint16_t length) {
    uint8_t raw[4 + 128 + 4] = {type, seq, (uint8_t)length, (uint8_t)(length >> 8)};
    memcpy(raw + 4, payload, length);
    const uint32_t crc = edge_crc32(0, raw, 4u + length);
    for (unsigned i = 0; i < 4; i++) {
        raw[4 + length + i] = (uint8_t)(crc >> (8 * i));
    }
    const size_t total = 8u + length;
    uint8_t coded[2 + 4 + 128 + 4 + 1] = {0};
    size_t code = 1, at = 2;
    for (size_t i = 0; i < total; i++) { /* total < 254: a block never fills up */
        if (raw[i] == 0) {
            coded[code] = (uint8_t)(at - code);
            code = at++;
        } else {
            coded[at++] = raw[i];
        }
    }
    coded[code] = (uint8_t)(at - code);
    coded[at++] = 0;
    add(coded, at);
}

static void random_bytes(void) {
    const uint32_t n = 1 + below(120);
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t byte = (uint8_t)(below(4) == 0 ? (uint32_t)"% \0e"[below(4)] : random32());
        add(&byte, 1);
    }
}

static void random_frames(void) {
    add("%edge bin%", 10);
    const uint32_t frames = 1 + below(8);
    uint8_t payload[128];
    for (uint32_t f = 0; f < frames; f++) {
        const uint8_t type = (uint8_t)(below(20) == 0 ? random32() : below(0x13));
        static const uint8_t usual[] = {0, 0, 2, 4, 2, 8, 0, 0, 8, 5, 4, 3, 0, 2, 0, 1, 0, 0, 8};
        uint16_t length = (uint16_t)(type < sizeof usual && below(4) != 0 ? usual[type] : below(100));
        if ((type == 0x05 || type == 0x12) && below(2) == 0) {
            length = (uint16_t)(length + below(28));
        }
        for (unsigned i = 0; i < length; i++) {
            payload[i] = (uint8_t)(below(3) == 0 ? random32() : below(3));
        }
        add_frame(type, (uint8_t)below(4), payload, length);
    }
}

static void mutated(const uint8_t *session, size_t length) {
    add(session, length > STRING_MAX ? STRING_MAX : length);
    for (uint32_t m = below(8); m > 0 && input_length > 1; m--) {
        const size_t at = below((uint32_t)input_length);
        const size_t n = 1 + below(16);
        switch (below(4)) {
        case 0:
            input[at] ^= (uint8_t)(1u << below(8));
            break;
        case 1:
            input[at] = (uint8_t)random32();
            break;
        case 2: /* cut out */
            if (at + n < input_length) {
                memmove(input + at, input + at + n, input_length - at - n);
                input_length -= n;
            }
            break;
        default: /* repeat */
            if (at + 2 * n < input_length) {
                memmove(input + at + n, input + at, n);
            }
        }
    }
}

static ending feed(void) {
    input_next = 0;
    kernel_calls = 0;
    const int why = setjmp(back);
    if (why != 0) {
        return (ending)why;
    }
    for (;;) {
        edge_app_feed((uint8_t)edge_port_getc());
    }
}

/* The last bytes sent, oldest first. */
static size_t last_sent(uint8_t *to, size_t n) {
    n = n > sent ? sent : n;
    for (size_t i = 0; i < n; i++) {
        to[i] = tail[(sent - n + i) % TAIL];
    }
    return n;
}

/* Greets as a host does that knows nothing of the device's state. */
static void greet(void) {
    input_length = 0;
    add("%edge bin%\0", 11);
    add_frame(0x01, 77, (const uint8_t *)"", 0);
    feed();
}

typedef struct answer {
    uint8_t bytes[TAIL];
    size_t length;
} answer;

/* The frame that was sent last. */
static void last_frame(answer *a) {
    a->length = last_sent(a->bytes, TAIL);
    size_t start = a->length < 2 ? 0 : a->length - 2;
    while (start > 0 && a->bytes[start] != 0) {
        start--;
    }
    a->length -= start;
    memmove(a->bytes, a->bytes + start, a->length);
}

static bool same(const answer *a, const answer *b) {
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* What a greeting is answered with, and what it is answered with after a fault. */
static void learn(answer *greeting, answer *fault) {
    edge_app_start();
    greet();
    last_frame(greeting);
    input_length = input_next = 0;
    if (setjmp(back) == 0) {
        edge_app_fault(&test_fault);
    }
    greet();
    last_frame(fault);
}

int main(int argc, char **argv) {
    static uint8_t sessions[16][STRING_MAX];
    static size_t lengths[16];
    const unsigned n_sessions = (unsigned)(argc > 19 ? 16 : argc - 3);
    if (argc < 4) {
        return 2;
    }
    seed = (uint32_t)strtoul(argv[1], NULL, 10) * 2654435761u + 1;
    const unsigned long count = strtoul(argv[2], NULL, 10);
    for (unsigned i = 0; i < n_sessions; i++) {
        FILE *file = fopen(argv[3 + i], "rb");
        if (file == NULL) {
            return 2;
        }
        lengths[i] = fread(sessions[i], 1, STRING_MAX, file);
        fclose(file);
    }

    static answer greeting, fault, got;
    learn(&greeting, &fault);
    if (greeting.length < 16 || fault.length < 16 || same(&greeting, &fault)) {
        return 3;
    }

    unsigned long endings[4] = {0}, faults = 0, answered = 0;
    for (unsigned long i = 0; i < count; i++) {
        edge_app_start();
        input_length = 0;
        sent = 0;
        switch (below(3)) {
        case 0:
            random_bytes();
            break;
        case 1:
            random_frames();
            break;
        default: {
            const uint32_t s = below(n_sessions);
            mutated(sessions[s], lengths[s]);
        }
        }
        const ending why = feed();
        endings[why]++;
        answered += sent > 64;
        if (why != RAN_OUT) {
            continue;
        }
        greet();
        last_frame(&got);
        faults += same(&got, &fault);
        if (!same(&got, &greeting) && !same(&got, &fault)) {
            fprintf(stderr, "string %lu: no greeting afterwards\n", i);
            return 1;
        }
    }
    printf("ran_out=%lu reset=%lu too_long=%lu faults=%lu answered=%lu\n", endings[RAN_OUT], endings[RESET],
           endings[TOO_LONG], faults, answered);
    return 0;
}
