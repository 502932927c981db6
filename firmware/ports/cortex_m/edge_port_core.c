/* SPDX-License-Identifier: Apache-2.0 */
/* Reset and cycle counter of every Cortex-M. */
#include "edge_port_core.h"

#include "edge_port_start.h"

_Noreturn void edge_port_reset(void) {
    __asm__ volatile("dsb" ::: "memory");
    EDGE_REG(0xe000ed0cu) = 0x05fa0004u; /* AIRCR: SYSRESETREQ */
    for (;;) {
        __asm__ volatile("dsb" ::: "memory");
    }
}

#if __ARM_ARCH_ISA_THUMB >= 2
#define DEMCR EDGE_REG(0xe000edfcu)
#define DWT_CTRL EDGE_REG(0xe0001000u)
#define DWT_CYCCNT EDGE_REG(0xe0001004u)

uint64_t edge_port_cycles(void) {
    return DWT_CYCCNT;
}

bool edge_port_has_cycles(void) {
    DEMCR |= 1u << 24;
    DWT_CTRL |= 1u;
    const uint32_t before = DWT_CYCCNT;
    __asm__ volatile("nop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop");
    return DWT_CYCCNT != before;
}
#else /* Armv6-M has no cycle counter */
uint64_t edge_port_cycles(void) {
    return 0;
}

bool edge_port_has_cycles(void) {
    return false;
}
#endif

#if defined(EDGE_PORT_TEST_TIMER) && __ARM_ARCH_ISA_THUMB >= 2
static void (*timer_handler)(void);

void edge_port_systick(void) {
    timer_handler();
}

/* SysTick at the core's clock; period_ticks <= 2^24. */
void edge_port_timer_irq_start(uint32_t period_ticks, void (*handler)(void)) {
    timer_handler = handler;
    EDGE_REG(0xe000e014u) = period_ticks - 1u;
    EDGE_REG(0xe000e018u) = 0;
    EDGE_REG(0xe000e010u) = 7u;
}

void edge_port_timer_irq_stop(void) {
    EDGE_REG(0xe000e010u) = 0;
}
#endif
