/* SPDX-License-Identifier: Apache-2.0 */
/* A program on a bare port, in place of the application: echoes bytes, counts, paints the stack, faults. */
#include "edge_port.h"

static void put_text(const char *s) {
    while (*s != 0) {
        edge_port_putc((uint8_t)*s++);
    }
}

static void put_number(uint64_t value) {
    char digits[21];
    unsigned i = sizeof digits - 1;
    digits[i] = 0;
    do {
        digits[--i] = (char)('0' + value % 10u);
        value /= 10u;
    } while (value != 0);
    put_text(digits + i);
    edge_port_putc(' ');
}

/* Two instructions a turn. */
__attribute__((noinline)) static uint64_t timed_loop(uint32_t turns) {
    const uint64_t from = edge_port_ticks();
#if defined(__riscv)
    __asm__ volatile("1:\n\taddi %0, %0, -1\n\tbnez %0, 1b" : "+r"(turns)::"memory");
#elif defined(__arm__)
    __asm__ volatile(".syntax unified\n1:\n\tsubs %0, %0, #1\n\tbne 1b" : "+l"(turns)::"memory", "cc");
#else
    for (volatile uint32_t i = 0; i < turns; i++) {
    }
#endif
    return edge_port_ticks() - from;
}

/* At least 256 bytes of stack a call. */
__attribute__((noinline)) static uint32_t recurse(uint32_t depth) {
    volatile uint32_t frame[64];
    frame[0] = depth;
    frame[63] = depth;
    return depth != 0 ? recurse(depth - 1) + frame[0] + frame[63] : 0;
}

static volatile uint32_t sink;

void edge_app_fault(const edge_fault *fault) {
    put_text("fault ");
    put_number(fault->kind);
    put_number(fault->pc);
    put_number(fault->lr_or_ra);
    put_number(fault->sp);
    put_number(fault->status);
    put_number(fault->cause);
    put_number(fault->address);
    edge_port_putc('\n');
    while (edge_port_getc() != 'q') {
    }
    edge_port_reset();
}

static void command(int c) {
    if (c == 'e') { /* echo until a 0 */
        do {
            c = edge_port_getc();
            edge_port_putc((uint8_t)c);
        } while (c != 0);
    } else if (c == 'c') { /* checksum of 20,000 bytes that come without gaps, the last of them polled */
        uint32_t sum = 0;
        for (uint32_t i = 0; i < 20000; i++) {
            uint8_t byte;
            if (i < 10000) {
                byte = (uint8_t)edge_port_getc();
            } else {
                while (!edge_port_poll(&byte)) {
                }
            }
            sum = sum * 31u + byte;
        }
        put_number(sum);
    } else if (c == 't') {
        uint64_t least = UINT64_MAX, most = 0;
        const uint64_t overhead = timed_loop(1);
        for (uint32_t i = 0; i < 500; i++) {
            (void)timed_loop(i % 17u + 1u); /* changes where the next one starts on the clock */
            const uint64_t spent = timed_loop(1001) - overhead;
            least = spent < least ? spent : least;
            most = spent > most ? spent : most;
        }
        put_number(least);
        put_number(most);
        put_number(edge_port_ticks_hz());
        put_number(edge_port_ns_per_instruction());
        put_number(edge_port_has_cycles());
    } else if (c == 's') {
        edge_port_stack_paint();
        put_number(edge_port_stack_used());
        sink = recurse(1);
        put_number(edge_port_stack_used());
        sink = recurse(2);
        put_number(edge_port_stack_used());
    } else if (c == 'u') { /* an instruction that no core has */
#if defined(__riscv)
        __asm__ volatile(".word 0");
#elif defined(__arm__)
        __asm__ volatile("udf #1");
#endif
    } else if (c == 'o') {
        sink = recurse(1000000);
    } else if (c == 'q') {
        edge_port_reset();
    }
    edge_port_putc('\n');
}

int main(void) {
    edge_port_init();
    put_text("ready\n");
    for (;;) {
        command(edge_port_getc());
    }
}
