/* SPDX-License-Identifier: Apache-2.0 */
/* Arm MPS2 FPGA images AN385, AN386, AN500 and AN505. Counter: CMSDK timer 0 at the core's clock, and the dual timer at
 * a 256th of it for the upper bits. */
#include "edge_port_cmsdk.h"
#include "edge_port_core.h"
#include "edge_port_instructions.h"
#include "edge_port_pair.h"

EDGE_PORT_CHECK_RATE(EDGE_CLOCK_HZ);

#define TIMER_CTRL EDGE_REG(EDGE_TIMER_BASE + 0x0u)
#define TIMER_VALUE EDGE_REG(EDGE_TIMER_BASE + 0x4u)
#define TIMER_RELOAD EDGE_REG(EDGE_TIMER_BASE + 0x8u)
#define DUAL_LOAD EDGE_REG(EDGE_DUAL_TIMER_BASE + 0x0u)
#define DUAL_VALUE EDGE_REG(EDGE_DUAL_TIMER_BASE + 0x4u)
#define DUAL_CTRL EDGE_REG(EDGE_DUAL_TIMER_BASE + 0x8u)

/* Enabled, free-running, divided by 256, 32 bits. */
enum { DUAL_FREE_BY_256 = 0x80u | 0x08u | 0x02u, DUAL_SHIFT = 8 };

static edge_port_instructions instructions;

void edge_port_init(void) {
    TIMER_RELOAD = 0xffffffffu;
    TIMER_VALUE = 0xffffffffu;
    TIMER_CTRL = 1u;
    DUAL_LOAD = 0xffffffffu;
    DUAL_CTRL = DUAL_FREE_BY_256;
    edge_port_uart_init();
}

uint64_t edge_port_ticks(void) {
    /* Both count down. */
    const uint32_t fine = ~TIMER_VALUE;
    return edge_port_count(&instructions, edge_port_pair(fine, ~DUAL_VALUE, DUAL_SHIFT), EDGE_CLOCK_HZ);
}

uint32_t edge_port_ticks_hz(void) {
    return 1000000000u / EDGE_NS_PER_INSTRUCTION;
}

uint32_t edge_port_ns_per_instruction(void) {
    return EDGE_NS_PER_INSTRUCTION;
}
