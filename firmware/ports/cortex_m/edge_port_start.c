/* SPDX-License-Identifier: Apache-2.0 */
/* Vector table and start-up of every Cortex-M. */
#include <string.h>

#include "edge_port_core.h"
#include "edge_port_irqs.h"
#include "edge_port_start.h"

extern uint32_t __edge_stack_base[], __edge_stack_top[];
extern uint32_t __edge_data_start[], __edge_data_end[], __edge_data_image[];
extern uint32_t __edge_zero_start[], __edge_zero_end[];

int main(void);
_Noreturn void edge_port_start(void);

/* The 64 KiB below the stack become read-only, so that its overflow faults where the bus would let it pass. */
static inline void guard_stack(void) {
#if defined(__ARM_ARCH_8M_MAIN__) || defined(__ARM_ARCH_8_1M_MAIN__)
    __asm__ volatile("msr msplim, %0" ::"r"(__edge_stack_base));
#elif __ARM_ARCH_ISA_THUMB >= 2
    if (EDGE_REG(0xe000ed90u) != 0) { /* MPU_TYPE */
        const uint32_t base = (uint32_t)(uintptr_t)__edge_stack_base;
        EDGE_REG(0xe000ed9cu) = (base - 0x10000u) | 0x10u; /* MPU_RBAR: region 0 */
        EDGE_REG(0xe000eda0u) =
            (1u << 28) | (6u << 24) | (15u << 1) | 1u; /* MPU_RASR: no execution, read-only, 64 KiB */
        EDGE_REG(0xe000ed94u) = 5u;                    /* MPU_CTRL: on, default map elsewhere */
        __asm__ volatile("dsb\n\tisb" ::: "memory");
    }
#endif /* Armv6-M relies on the bus */
}

_Noreturn void edge_port_start(void) {
#if __ARM_ARCH_ISA_THUMB >= 2
    EDGE_REG(0xe000ed08u) = (uint32_t)(uintptr_t)edge_vectors; /* VTOR */
#endif
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    EDGE_REG(0xe000ed88u) |= 0xfu << 20; /* CPACR: FPU and MVE for all */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
    guard_stack();
    memcpy(__edge_data_start, __edge_data_image, (uintptr_t)__edge_data_end - (uintptr_t)__edge_data_start);
    memset(__edge_zero_start, 0, (uintptr_t)__edge_zero_end - (uintptr_t)__edge_zero_start);
    (void)main();
    edge_port_reset();
}

#ifdef EDGE_PORT_TEST_TIMER
#define TIMER_VECTOR edge_port_systick
#else
#define TIMER_VECTOR edge_port_unexpected
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#define IRQ_ENTRY(number, handler) [16 + (number)] = {(handler)},
__attribute__((section(".edge_vectors"), used))
const edge_vector edge_vectors[16 + EDGE_IRQS] = {[0] = {.stack = __edge_stack_top},
                                                  [1] = {.handler = edge_port_start},
                                                  [2 ... 15 + EDGE_IRQS] = {.handler = edge_port_unexpected},
                                                  [15] = {.handler = TIMER_VECTOR},
                                                  EDGE_PORT_IRQ_TABLE(IRQ_ENTRY)};
#pragma GCC diagnostic pop
