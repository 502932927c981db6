/* SPDX-License-Identifier: Apache-2.0 */
/* What all Cortex-M cores share: system registers, interrupt masking, sleep. */
#ifndef EDGE_PORT_CORE_H
#define EDGE_PORT_CORE_H

#include <stdbool.h>
#include <stdint.h>

/* A 32-bit device register. */
#define EDGE_REG(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define EDGE_NVIC_ENABLE(irq) EDGE_REG(0xe000e100u + 4u * ((irq) / 32u))
#define EDGE_NVIC_DISABLE(irq) EDGE_REG(0xe000e180u + 4u * ((irq) / 32u))
#define EDGE_NVIC_UNPEND(irq) EDGE_REG(0xe000e280u + 4u * ((irq) / 32u))
#define EDGE_NVIC_BIT(irq) (1u << ((irq) % 32u))

static inline uint32_t edge_port_ipsr(void) {
    uint32_t value;
    __asm__ volatile("mrs %0, ipsr" : "=r"(value));
    return value;
}

static inline uint32_t edge_port_primask(void) {
    uint32_t value;
    __asm__ volatile("mrs %0, primask" : "=r"(value));
    return value;
}

static inline void edge_port_irq_off(void) {
    __asm__ volatile("cpsid i" ::: "memory");
}

static inline void edge_port_irq_on(void) {
    __asm__ volatile("cpsie i\n\tisb" ::: "memory");
}

/* Waits for an interrupt, which also wakes the core while masked. In a fault handler no interrupt would. */
static inline void edge_port_sleep(void) {
    if (edge_port_ipsr() == 0) {
        __asm__ volatile("dsb\n\twfi" ::: "memory");
    }
}

#endif
