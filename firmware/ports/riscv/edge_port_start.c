/* SPDX-License-Identifier: Apache-2.0 */
/* Start-up and traps of RV32 in machine mode. */
#include <string.h>

#include "edge_port_riscv.h"

extern uint32_t __edge_data_start[], __edge_data_end[], __edge_data_image[];
extern uint32_t __edge_zero_start[], __edge_zero_end[];

int main(void);

__attribute__((naked, section(".edge_vectors"), used)) void edge_port_reset_vector(void) {
    __asm__ volatile(".option push\n\t"
                     ".option norelax\n\t"
                     "la gp, __global_pointer$\n\t"
                     ".option pop\n\t"
                     "la sp, __edge_stack_top\n\t"
                     "la t0, edge_port_trap\n\t"
                     "csrw mtvec, t0\n\t"
                     /* The stack lies behind the read-only part: a locked PMP entry makes its overflow a fault. */
                     "la t0, __edge_flash_start\n\t"
                     "srli t0, t0, 2\n\t"
                     "csrw pmpaddr0, t0\n\t"
                     "la t0, __edge_flash_end\n\t"
                     "srli t0, t0, 2\n\t"
                     "csrw pmpaddr1, t0\n\t"
                     "li t0, 0x8d00\n\t" /* entry 1: locked, top of range, read and execute */
                     "csrw pmpcfg0, t0\n\t"
                     "j edge_port_start");
}

__attribute__((used)) _Noreturn void edge_port_start(void) {
    memcpy(__edge_data_start, __edge_data_image, (uintptr_t)__edge_data_end - (uintptr_t)__edge_data_start);
    memset(__edge_zero_start, 0, (uintptr_t)__edge_zero_end - (uintptr_t)__edge_zero_start);
    (void)main();
    edge_port_reset();
}

__attribute__((used)) static _Noreturn void report(uint32_t ra, uint32_t sp) {
    uint32_t cause;
    __asm__ volatile("csrr %0, mcause" : "=r"(cause));
    edge_fault fault = {
        .kind = (cause >> 31) != 0 ? EDGE_FAULT_INTERRUPT : EDGE_FAULT_TRAP, .lr_or_ra = ra, .sp = sp, .cause = cause};
    __asm__ volatile("csrr %0, mepc" : "=r"(fault.pc));
    __asm__ volatile("csrr %0, mstatus" : "=r"(fault.status));
    __asm__ volatile("csrr %0, mtval" : "=r"(fault.address));
    edge_app_fault(&fault);
}

#ifdef EDGE_PORT_TEST_TIMER
#define TIMER_INTERRUPT                                                                                                \
    "csrw mscratch, t0\n\t"                                                                                            \
    "csrr t0, mcause\n\t"                                                                                              \
    "bgez t0, 1f\n\t"                                                                                                  \
    "csrr t0, mscratch\n\t"                                                                                            \
    "j edge_port_timer_irq\n"                                                                                          \
    "1:\n\t"
#else
#define TIMER_INTERRUPT
#endif

/* A fault goes on from the stack's top: nobody returns to what was there, and below there may be no room. */
__attribute__((naked, used, aligned(4))) void edge_port_trap(void) {
    __asm__ volatile(TIMER_INTERRUPT "mv a0, ra\n\t"
                                     "mv a1, sp\n\t"
                                     "la sp, __edge_stack_top\n\t"
                                     "j report");
}
