/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of every Cortex-M: registers to edge_app_fault, never a silent hang. */
#include "edge_port_core.h"
#include "edge_port_start.h"

extern uint32_t __edge_stack_base[], __edge_stack_top[];

/* Words of an exception frame: r0 r1 r2 r3 r12 lr pc xpsr. */
enum { FRAME_LR = 5, FRAME_PC = 6, FRAME_XPSR = 7, FRAME_BYTES = 32 };

__attribute__((used)) static _Noreturn void report(const uint32_t *frame) {
    edge_port_irq_off();
    edge_fault fault = {.sp = (uint32_t)(uintptr_t)frame};
    const uintptr_t sp = (uintptr_t)frame;
    /* After a stack overflow there is no frame to read, and reading it would lock the core up. */
    if (sp >= (uintptr_t)__edge_stack_base && sp <= (uintptr_t)__edge_stack_top - FRAME_BYTES && (sp & 3u) == 0) {
        fault.pc = frame[FRAME_PC];
        fault.lr_or_ra = frame[FRAME_LR];
        fault.status = frame[FRAME_XPSR];
        fault.sp += FRAME_BYTES;
    }
    const uint32_t exception = edge_port_ipsr();
    if (exception >= 8) {
        fault.kind = EDGE_FAULT_INTERRUPT;
        fault.cause = exception;
    } else {
        fault.kind = EDGE_FAULT_HARD;
#if __ARM_ARCH_ISA_THUMB >= 2
        fault.cause = EDGE_REG(0xe000ed28u); /* CFSR */
        if ((fault.cause & (1u << 15)) != 0) {
            fault.address = EDGE_REG(0xe000ed38u); /* BFAR */
        } else if ((fault.cause & (1u << 7)) != 0) {
            fault.address = EDGE_REG(0xe000ed34u); /* MMFAR */
        }
#endif
    }
    edge_app_fault(&fault);
}

/* Goes on where the stack was when there is room, else from its top, far from a frame that lies near its base. */
__attribute__((naked)) void edge_port_unexpected(void) {
    __asm__ volatile("mrs r0, msp\n\t"
                     "ldr r1, =__edge_stack_base + 512\n\t"
                     "ldr r2, =__edge_stack_top\n\t"
                     "cmp r0, r1\n\t"
                     "blo 1f\n\t"
                     "cmp r0, r2\n\t"
                     "blo 2f\n"
                     "1:\n\t"
                     "mov sp, r2\n"
                     "2:\n\t"
                     "ldr r3, =report\n\t"
                     "bx r3\n\t"
                     ".ltorg");
}
