/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's RISC-V virt machine: 16550 UART behind the PLIC, counter mtime (10 MHz). The UART is polled, its interrupt
 * only ends sleep: interrupts stay masked, so that none costs instructions in the middle of a measurement. */
#include "edge_port_instructions.h"
#include "edge_port_riscv.h"

enum { MTIME_HZ = 10000000 };

EDGE_PORT_CHECK_RATE(MTIME_HZ);

#define RBR EDGE_REG8(EDGE_UART_BASE + 0u)
#define THR EDGE_REG8(EDGE_UART_BASE + 0u)
#define IER EDGE_REG8(EDGE_UART_BASE + 1u)
#define FCR EDGE_REG8(EDGE_UART_BASE + 2u)
#define LCR EDGE_REG8(EDGE_UART_BASE + 3u)
#define LSR EDGE_REG8(EDGE_UART_BASE + 5u)

#define PLIC_PRIORITY EDGE_REG(0x0c000000u + 4u * EDGE_UART_IRQ)
#define PLIC_ENABLE EDGE_REG(0x0c002000u + 4u * (EDGE_UART_IRQ / 32u))
#define PLIC_THRESHOLD EDGE_REG(0x0c200000u)
#define PLIC_CLAIM EDGE_REG(0x0c200004u)

#define MTIME_LOW EDGE_REG(0x0200bff8u)
#define MTIME_HIGH EDGE_REG(0x0200bffcu)
#define SYSCON EDGE_REG(0x00100000u)

enum { DATA_READY = 1u << 0, THR_EMPTY = 1u << 5, MEIE = 1u << 11 };

void edge_port_init(void) {
    LCR = 3u; /* 8N1 */
    FCR = 7u;
    IER = 1u;
    PLIC_PRIORITY = 1u;
    PLIC_ENABLE = 1u << (EDGE_UART_IRQ % 32u);
    PLIC_THRESHOLD = 0;
    __asm__ volatile("csrs mie, %0" ::"r"(MEIE));
}

bool edge_port_poll(uint8_t *byte) {
    if ((LSR & DATA_READY) == 0) {
        return false;
    }
    *byte = RBR;
    return true;
}

#ifdef EDGE_PORT_TEST_TIMER
enum { MIE = 1u << 3 };

static uint32_t interrupts_off(void) {
    uint32_t before;
    __asm__ volatile("csrrc %0, mstatus, %1" : "=r"(before) : "r"(MIE) : "memory");
    return before & MIE;
}

static void interrupts_restore(uint32_t before) {
    __asm__ volatile("csrs mstatus, %0" ::"r"(before) : "memory");
}
#else
static inline uint32_t interrupts_off(void) {
    return 0;
}

static inline void interrupts_restore(uint32_t before) {
    (void)before;
}
#endif

int edge_port_getc(void) {
    uint8_t byte;
    const uint32_t before = interrupts_off();
    while (!edge_port_poll(&byte)) {
        PLIC_CLAIM = PLIC_CLAIM; /* an old request; the line asks anew if a byte is there */
        __asm__ volatile("wfi" ::: "memory");
    }
    interrupts_restore(before);
    return byte;
}

void edge_port_putc(uint8_t byte) {
    while ((LSR & THR_EMPTY) == 0) {
    }
    THR = byte;
}

static uint64_t mtime(void) {
    uint32_t high, low;
    do {
        high = MTIME_HIGH;
        low = MTIME_LOW;
    } while (high != MTIME_HIGH);
    return ((uint64_t)high << 32) | low;
}

static edge_port_instructions instructions;

uint64_t edge_port_ticks(void) {
    return edge_port_count(&instructions, mtime(), MTIME_HZ);
}

uint32_t edge_port_ticks_hz(void) {
    return 1000000000u / EDGE_NS_PER_INSTRUCTION;
}

uint32_t edge_port_ns_per_instruction(void) {
    return EDGE_NS_PER_INSTRUCTION;
}

/* mcycle and minstret count the emulator's nanoseconds, not cycles. */
bool edge_port_has_cycles(void) {
    return false;
}

uint64_t edge_port_cycles(void) {
    return 0;
}

_Noreturn void edge_port_reset(void) {
    SYSCON = 0x7777u;
    for (;;) {
        __asm__ volatile("" ::: "memory");
    }
}

#ifdef EDGE_PORT_TEST_TIMER
#define MTIMECMP_LOW EDGE_REG(0x02004000u)
#define MTIMECMP_HIGH EDGE_REG(0x02004004u)

enum { MTIE = 1u << 7 };

static void (*timer_handler)(void);
static uint32_t timer_period;
static uint64_t timer_next;

static void arm(uint64_t next) {
    timer_next = next;
    MTIMECMP_HIGH = 0xffffffffu;
    MTIMECMP_LOW = (uint32_t)next;
    MTIMECMP_HIGH = (uint32_t)(next >> 32);
}

void __attribute__((interrupt("machine"), aligned(4))) edge_port_timer_irq(void) {
    timer_handler();
    arm(timer_next + timer_period);
}

/* The external interrupt, which has no handler, is not taken while the timer's is. */
void edge_port_timer_irq_start(uint32_t period_ticks, void (*handler)(void)) {
    timer_handler = handler;
    timer_period = period_ticks;
    arm(mtime() + period_ticks);
    __asm__ volatile("csrc mie, %0" ::"r"(MEIE));
    __asm__ volatile("csrs mie, %0" ::"r"(MTIE));
    __asm__ volatile("csrs mstatus, %0" ::"r"(MIE) : "memory");
}

void edge_port_timer_irq_stop(void) {
    __asm__ volatile("csrc mstatus, %0" ::"r"(MIE) : "memory");
    __asm__ volatile("csrc mie, %0" ::"r"(MTIE));
    __asm__ volatile("csrs mie, %0" ::"r"(MEIE));
}
#endif
