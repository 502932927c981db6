/* SPDX-License-Identifier: Apache-2.0 */
/* USART1 of the STM32F4 on PA9 (TX) and PA10 (RX): received by interrupt, for it holds a single byte. */
#include "edge_port_core.h"
#include "edge_port_irqs.h"
#include "edge_port_ring.h"
#include "edge_port_stm32f4.h"

#define SR EDGE_REG(EDGE_UART_BASE + 0x00u)
#define DR EDGE_REG(EDGE_UART_BASE + 0x04u)
#define BRR EDGE_REG(EDGE_UART_BASE + 0x08u)
#define CR1 EDGE_REG(EDGE_UART_BASE + 0x0cu)
#define RCC_AHB1ENR EDGE_REG(0x40023830u)
#define RCC_APB2ENR EDGE_REG(0x40023844u)
#define GPIOA_MODER EDGE_REG(0x40020000u)
#define GPIOA_PUPDR EDGE_REG(0x4002000cu)
#define GPIOA_AFRH EDGE_REG(0x40020024u)

enum {
    UART_IRQ = 37,
    ORE = 1u << 3,
    RXNE = 1u << 5,
    TXE = 1u << 7,
    UE = 1u << 13,
    TE = 1u << 3,
    RE = 1u << 2,
    RXNEIE = 1u << 5
};

static edge_port_ring received;

/* The data register is read only after the status has shown a byte or an overrun: a read on suspicion would swallow a
 * byte that comes in between. SR then DR also clears the overrun. */
static bool take(uint8_t *byte) {
    const uint32_t status = SR;
    if ((status & (RXNE | ORE)) == 0) {
        return false;
    }
    *byte = (uint8_t)DR;
    return (status & RXNE) != 0;
}

void edge_port_uart_irq(void) {
    uint8_t byte;
    if (edge_port_ring_full(&received)) {
        /* Until edge_port_poll makes room. At the NVIC, for QEMU's USART keeps its line high when RXNEIE falls. */
        EDGE_NVIC_DISABLE(UART_IRQ) = EDGE_NVIC_BIT(UART_IRQ);
    } else if (take(&byte)) {
        edge_port_ring_put(&received, byte);
    }
}

void edge_port_uart_init(uint32_t clock_hz) {
    RCC_AHB1ENR |= 1u << 0;
    RCC_APB2ENR |= 1u << 4;
    GPIOA_AFRH = (GPIOA_AFRH & ~0xff0u) | 0x770u;
    GPIOA_PUPDR = (GPIOA_PUPDR & ~(3u << 20)) | (1u << 20);
    GPIOA_MODER = (GPIOA_MODER & ~(0xfu << 18)) | (0xau << 18);
    BRR = (clock_hz + EDGE_BAUD / 2u) / EDGE_BAUD;
    CR1 = UE | TE | RE | RXNEIE;
    EDGE_NVIC_ENABLE(UART_IRQ) = EDGE_NVIC_BIT(UART_IRQ);
}

bool edge_port_poll(uint8_t *byte) {
    const bool masked = edge_port_primask() != 0;
    edge_port_irq_off();
    /* The register itself serves where interrupts do not run: in a fault, or with the ring full. */
    const bool taken = edge_port_ring_get(&received, byte) || take(byte);
    EDGE_NVIC_ENABLE(UART_IRQ) = EDGE_NVIC_BIT(UART_IRQ);
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
    while ((SR & TXE) == 0) {
    }
    DR = byte;
}
