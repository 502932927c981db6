/* SPDX-License-Identifier: Apache-2.0 */
/* The stack's high-water mark. The stack lies at the bottom of its region, so that an overflow faults. */
#include "edge_port.h"

extern uint32_t __edge_stack_base[], __edge_stack_top[];

static uintptr_t paint_top; /* the caller's stack pointer at the last paint */

static const uint32_t PAINT = 0xa5c35a3cu;

/* noinline: the frame address then is the caller's stack pointer. */
__attribute__((noinline)) void edge_port_stack_paint(void) {
    paint_top = (uintptr_t)__builtin_frame_address(0);
    register uintptr_t sp __asm__("sp");
    /* An interrupt that comes now lies below sp: what it has used is painted over, what it will use counts. */
    volatile uint32_t *limit = (volatile uint32_t *)((sp & ~(uintptr_t)3) - 16);
    for (volatile uint32_t *word = __edge_stack_base; word < limit; word++) {
        *word = PAINT;
    }
}

uint32_t edge_port_stack_used(void) {
    const volatile uint32_t *word = __edge_stack_base;
    while (word < __edge_stack_top && *word == PAINT) {
        word++;
    }
    return (uintptr_t)word < paint_top ? (uint32_t)(paint_top - (uintptr_t)word) : 0;
}
