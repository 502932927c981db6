/* SPDX-License-Identifier: Apache-2.0 */
/* UART of the nRF51: received by interrupt, for its FIFO holds six bytes. */
#include "edge_port_core.h"
#include "edge_port_irqs.h"
#include "edge_port_nrf51.h"
#include "edge_port_ring.h"

#define UART(offset) EDGE_REG(0x40002000u + (offset))
#define STARTRX UART(0x000u)
#define STARTTX UART(0x008u)
#define RXDRDY UART(0x108u)
#define TXDRDY UART(0x11cu)
#define INTENSET UART(0x304u)
#define INTENCLR UART(0x308u)
#define ENABLE UART(0x500u)
#define PSELTXD UART(0x50cu)
#define PSELRXD UART(0x514u)
#define RXD UART(0x518u)
#define TXD UART(0x51cu)
#define BAUDRATE UART(0x524u)
#define GPIO_OUTSET EDGE_REG(0x50000508u)
#define GPIO_PIN_CNF(pin) EDGE_REG(0x50000700u + 4u * (pin))

enum { UART_IRQ = 2, RXDRDY_INTERRUPT = 1u << 2 };

static edge_port_ring received;

/* RXDRDY is an event, not a level: clear it before each read, for reading may raise it for the next byte. */
static bool take(uint8_t *byte) {
    if (RXDRDY == 0) {
        return false;
    }
    RXDRDY = 0;
    *byte = (uint8_t)RXD;
    return true;
}

void edge_port_uart_irq(void) {
    uint8_t byte;
    while (!edge_port_ring_full(&received)) {
        if (!take(&byte)) {
            return;
        }
        edge_port_ring_put(&received, byte);
    }
    INTENCLR = RXDRDY_INTERRUPT; /* until edge_port_poll makes room */
}

void edge_port_uart_init(void) {
    GPIO_OUTSET = 1u << EDGE_UART_TX_PIN;
    GPIO_PIN_CNF(EDGE_UART_TX_PIN) = 1u; /* output */
    GPIO_PIN_CNF(EDGE_UART_RX_PIN) = 0u; /* input, connected */
    PSELTXD = EDGE_UART_TX_PIN;
    PSELRXD = EDGE_UART_RX_PIN;
    BAUDRATE = EDGE_UART_BAUDRATE;
    ENABLE = 4u;
    RXDRDY = 0;
    TXDRDY = 0;
    STARTRX = 1u;
    STARTTX = 1u;
    INTENSET = RXDRDY_INTERRUPT;
    EDGE_NVIC_ENABLE(UART_IRQ) = EDGE_NVIC_BIT(UART_IRQ);
}

bool edge_port_poll(uint8_t *byte) {
    const bool masked = edge_port_primask() != 0;
    edge_port_irq_off();
    /* The register itself serves where interrupts do not run: in a fault, or with the ring full. */
    const bool taken = edge_port_ring_get(&received, byte) || take(byte);
    INTENSET = RXDRDY_INTERRUPT;
    if (!masked) {
        edge_port_irq_on();
    }
    return taken;
}

int edge_port_getc(void) {
    uint8_t byte;
    for (;;) {
        edge_port_irq_off(); /* a byte that comes between the look and the sleep still ends the sleep */
        const bool taken = edge_port_poll(&byte);
        if (!taken) {
            edge_port_sleep();
        }
        edge_port_irq_on();
        if (taken) {
            return byte;
        }
    }
}

void edge_port_putc(uint8_t byte) {
    TXD = byte;
    while (TXDRDY == 0) {
    }
    TXDRDY = 0;
}
