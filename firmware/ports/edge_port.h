/* SPDX-License-Identifier: Apache-2.0 */
/* What the serial application needs of a chip. One port per chip family implements it; the application owns main(),
 * which the port's start-up code calls with .data and .bss initialised. Call edge_port_init first. */
#ifndef EDGE_PORT_H
#define EDGE_PORT_H

#include <stdbool.h>
#include <stdint.h>

/* Clocks, counter and UART (115200 8N1). */
void edge_port_init(void);

/* The next byte of the UART, 0..255; waits for it with the core asleep. */
int edge_port_getc(void);

/* Takes a byte if one has arrived. */
bool edge_port_poll(uint8_t *byte);

/* Sends a byte; waits while the UART is full. */
void edge_port_putc(uint8_t byte);

/* A monotonic counter that neither stops nor wraps while the core works, and its rate. */
uint64_t edge_port_ticks(void);
uint32_t edge_port_ticks_hz(void);

/* Emulated boards count instructions, each taking this many nanoseconds of the counter's time; 0 elsewhere. */
uint32_t edge_port_ns_per_instruction(void);

/* The core's cycle counter, and whether it counts (emulators keep it at 0). It wraps modulo 2^32:
 * subtract as uint32_t. */
bool edge_port_has_cycles(void);
uint64_t edge_port_cycles(void);

/* Restarts the chip; ends an emulator. */
_Noreturn void edge_port_reset(void);

/* Paints the free stack below the caller; then the bytes used since, counted from the caller of the paint. 0 where the
 * port cannot tell (host). */
void edge_port_stack_paint(void);
uint32_t edge_port_stack_used(void);

typedef enum edge_fault_kind {
    EDGE_FAULT_HARD = 1,      /* Cortex-M HardFault and whatever escalates to it */
    EDGE_FAULT_INTERRUPT = 2, /* an interrupt that nobody asked for; cause is the exception number */
    EDGE_FAULT_TRAP = 3,      /* RISC-V exception */
} edge_fault_kind;

/* Registers at a fault. Fields that the core cannot tell are 0. */
typedef struct edge_fault {
    uint32_t kind;     /* edge_fault_kind */
    uint32_t pc;       /* instruction that faulted */
    uint32_t lr_or_ra; /* return address */
    uint32_t sp;       /* stack pointer at the fault */
    uint32_t status;   /* xPSR, mstatus */
    uint32_t cause;    /* CFSR, mcause */
    uint32_t address;  /* BFAR or MMFAR where valid, mtval */
} edge_fault;

/* The application's: reports the fault over the UART. Called on a fresh stack with interrupts off; polling
 * with edge_port_poll and edge_port_putc works, edge_port_getc does too. */
_Noreturn void edge_app_fault(const edge_fault *fault);

#ifdef EDGE_PORT_TEST_TIMER
/* For tests: calls `handler` from an interrupt every period_ticks of a timer that edge_port_ticks does not use. */
void edge_port_timer_irq_start(uint32_t period_ticks, void (*handler)(void));
void edge_port_timer_irq_stop(void);
#endif

#endif
