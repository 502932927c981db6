/* SPDX-License-Identifier: Apache-2.0 */
/* Arm MPS3 FPGA image AN547 (SSE-300). Counter: the subsystem's 64-bit system counter. */
#include "edge_port_cmsdk.h"
#include "edge_port_core.h"
#include "edge_port_instructions.h"

EDGE_PORT_CHECK_RATE(EDGE_CLOCK_HZ);

#define CNTCR EDGE_REG(EDGE_COUNTER_BASE + 0x0u)
#define CNTCV_LOW EDGE_REG(EDGE_COUNTER_BASE + 0x8u)
#define CNTCV_HIGH EDGE_REG(EDGE_COUNTER_BASE + 0xcu)

static edge_port_instructions instructions;

void edge_port_init(void) {
    CNTCR = 1u;
    edge_port_uart_init();
}

uint64_t edge_port_ticks(void) {
    uint32_t high, low;
    do {
        high = CNTCV_HIGH;
        low = CNTCV_LOW;
    } while (high != CNTCV_HIGH);
    return edge_port_count(&instructions, ((uint64_t)high << 32) | low, EDGE_CLOCK_HZ);
}

uint32_t edge_port_ticks_hz(void) {
    return 1000000000u / EDGE_NS_PER_INSTRUCTION;
}

uint32_t edge_port_ns_per_instruction(void) {
    return EDGE_NS_PER_INSTRUCTION;
}
