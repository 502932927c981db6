/* SPDX-License-Identifier: Apache-2.0 */
/* UART of Arm's CMSDK (MPS2 and MPS3). It is polled, its interrupt only ends sleep: a handler would cost instructions
 * in the middle of a measurement, and the emulator holds bytes back until they are read. */
#include "edge_port_cmsdk.h"
#include "edge_port_core.h"

#define DATA EDGE_REG(EDGE_UART_BASE + 0x0u)
#define STATE EDGE_REG(EDGE_UART_BASE + 0x4u)
#define CTRL EDGE_REG(EDGE_UART_BASE + 0x8u)
#define INTCLEAR EDGE_REG(EDGE_UART_BASE + 0xcu)
#define BAUDDIV EDGE_REG(EDGE_UART_BASE + 0x10u)

enum { TX_FULL = 1u << 0, RX_FULL = 1u << 1, TX_ENABLE = 1u << 0, RX_ENABLE = 1u << 1, RX_INTERRUPT = 1u << 3 };

void edge_port_uart_init(void) {
    BAUDDIV = (EDGE_CLOCK_HZ + EDGE_BAUD / 2u) / EDGE_BAUD;
    CTRL = TX_ENABLE | RX_ENABLE | RX_INTERRUPT;
}

bool edge_port_poll(uint8_t *byte) {
    if ((STATE & RX_FULL) == 0) {
        return false;
    }
    *byte = (uint8_t)DATA;
    return true;
}

int edge_port_getc(void) {
    uint8_t byte;
    while (!edge_port_poll(&byte)) {
        edge_port_irq_off();
        INTCLEAR = 1u << 1;
        EDGE_NVIC_UNPEND(EDGE_UART_IRQ) = EDGE_NVIC_BIT(EDGE_UART_IRQ);
        EDGE_NVIC_ENABLE(EDGE_UART_IRQ) = EDGE_NVIC_BIT(EDGE_UART_IRQ);
        if ((STATE & RX_FULL) == 0) {
            edge_port_sleep();
        }
        EDGE_NVIC_DISABLE(EDGE_UART_IRQ) = EDGE_NVIC_BIT(EDGE_UART_IRQ);
        edge_port_irq_on();
    }
    return byte;
}

void edge_port_putc(uint8_t byte) {
    while ((STATE & TX_FULL) != 0) {
    }
    DATA = byte;
}
