/* SPDX-License-Identifier: Apache-2.0 */
/* nRF51822 (micro:bit v1): 16 MHz crystal; counter TIMER0, 32 bits at 16 MHz, with an interrupt in the
 * middle of each 268 s. */
#include "edge_port_nrf51.h"
#include "edge_port_core.h"
#include "edge_port_instructions.h"
#include "edge_port_irqs.h"

EDGE_PORT_CHECK_RATE(EDGE_CLOCK_HZ);

#define HFCLKSTART EDGE_REG(0x40000000u)
#define HFCLKSTARTED EDGE_REG(0x40000100u)
#define HFCLKSTAT EDGE_REG(0x4000040cu)

#define TIMER_BASE(n) (0x40008000u + 0x1000u * (n))
#define START(n) EDGE_REG(TIMER_BASE(n) + 0x000u)
#define STOP(n) EDGE_REG(TIMER_BASE(n) + 0x004u)
#define CLEAR(n) EDGE_REG(TIMER_BASE(n) + 0x00cu)
#define CAPTURE(n, cc) EDGE_REG(TIMER_BASE(n) + 0x040u + 4u * (cc))
#define COMPARE(n, cc) EDGE_REG(TIMER_BASE(n) + 0x140u + 4u * (cc))
#define SHORTS(n) EDGE_REG(TIMER_BASE(n) + 0x200u)
#define INTENSET(n) EDGE_REG(TIMER_BASE(n) + 0x304u)
#define BITMODE(n) EDGE_REG(TIMER_BASE(n) + 0x508u)
#define PRESCALER(n) EDGE_REG(TIMER_BASE(n) + 0x510u)
#define CC(n, cc) EDGE_REG(TIMER_BASE(n) + 0x540u + 4u * (cc))

enum { WRAP_IRQ = 8, TEST_IRQ = 9, COMPARE0_INTERRUPT = 1u << 16, BITS_16 = 0, BITS_32 = 3 };

/* Times the counter has passed its middle: an event at its start would also come when it is started. */
static volatile uint32_t middles;
static edge_port_instructions instructions;
static const uint32_t MIDDLE = 0x80000000u;

/* Silicon tells in bit 16 that the clock runs; the emulator reads 1. */
static bool emulated(void) {
    return (HFCLKSTAT & (1u << 16)) == 0;
}

void edge_port_wrap_irq(void) {
    COMPARE(0, 0) = 0;
    middles++;
}

void edge_port_init(void) {
    HFCLKSTARTED = 0;
    HFCLKSTART = 1u;
    /* The UART needs the crystal; without one the RC oscillator goes on. */
    for (uint32_t i = 0; i < 100000u && HFCLKSTARTED == 0; i++) {
    }
    BITMODE(0) = BITS_32;
    PRESCALER(0) = 0;
    CC(0, 0) = MIDDLE;
    CLEAR(0) = 1u;
    START(0) = 1u;
    INTENSET(0) = COMPARE0_INTERRUPT;
    EDGE_NVIC_ENABLE(WRAP_IRQ) = EDGE_NVIC_BIT(WRAP_IRQ);
    edge_port_uart_init();
}

uint64_t edge_port_ticks(void) {
    const bool masked = edge_port_primask() != 0;
    edge_port_irq_off();
    uint32_t waiting, now;
    do { /* an event between look and capture: once more */
        waiting = COMPARE(0, 0);
        CAPTURE(0, 1) = 1u;
        now = CC(0, 1);
    } while (waiting != COMPARE(0, 0));
    const uint64_t passed = middles + (waiting != 0 ? 1u : 0u);
    if (!masked) {
        edge_port_irq_on();
    }
    /* Turn number `passed` starts half a turn after its middle event; now is up to half a turn off that start. */
    const uint64_t ticks = (passed << 32) + (uint64_t)(int64_t)(int32_t)now;
    return emulated() ? edge_port_count(&instructions, ticks, EDGE_CLOCK_HZ) : ticks;
}

uint32_t edge_port_ticks_hz(void) {
    return emulated() ? 1000000000u / EDGE_NS_PER_INSTRUCTION : EDGE_CLOCK_HZ;
}

uint32_t edge_port_ns_per_instruction(void) {
    return emulated() ? EDGE_NS_PER_INSTRUCTION : 0;
}

#ifdef EDGE_PORT_TEST_TIMER
static void (*test_handler)(void);

void edge_port_test_irq(void) {
    COMPARE(1, 0) = 0;
    test_handler();
}

/* period_ticks < 2^16. */
void edge_port_timer_irq_start(uint32_t period_ticks, void (*handler)(void)) {
    test_handler = handler;
    BITMODE(1) = BITS_16;
    PRESCALER(1) = 0;
    CC(1, 0) = period_ticks;
    SHORTS(1) = 1u; /* clears on compare 0 */
    CLEAR(1) = 1u;
    INTENSET(1) = COMPARE0_INTERRUPT;
    EDGE_NVIC_ENABLE(TEST_IRQ) = EDGE_NVIC_BIT(TEST_IRQ);
    START(1) = 1u;
}

void edge_port_timer_irq_stop(void) {
    STOP(1) = 1u;
}
#endif
