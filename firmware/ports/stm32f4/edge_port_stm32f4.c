/* SPDX-License-Identifier: Apache-2.0 */
/* STM32F405: 168 MHz from the internal 16 MHz oscillator (no board's crystal is assumed). Counter: TIM2 at the timer
 * clock, and TIM5 at a 65536th of it for the upper bits. */
#include "edge_port_stm32f4.h"
#include "edge_port_core.h"
#include "edge_port_instructions.h"
#include "edge_port_pair.h"

#define RCC_CR EDGE_REG(0x40023800u)
#define RCC_PLLCFGR EDGE_REG(0x40023804u)
#define RCC_CFGR EDGE_REG(0x40023808u)
#define RCC_APB1ENR EDGE_REG(0x40023840u)
#define FLASH_ACR EDGE_REG(0x40023c00u)

#define TIM2 0x40000000u
#define TIM5 0x40000c00u
#define TIM_CR1(base) EDGE_REG((base) + 0x00u)
#define TIM_EGR(base) EDGE_REG((base) + 0x14u)
#define TIM_CNT(base) EDGE_REG((base) + 0x24u)
#define TIM_PSC(base) EDGE_REG((base) + 0x28u)
#define TIM_ARR(base) EDGE_REG((base) + 0x2cu)

enum { PLLON = 1u << 24, PLLRDY = 1u << 25, COARSE_SHIFT = 16, POLLS = 100000, EMULATED_HZ = 1000000000 };

typedef struct clocks {
    uint32_t uart_hz, timer_hz;
} clocks;

EDGE_PORT_CHECK_RATE(EMULATED_HZ);

static uint32_t timer_hz;
static edge_port_instructions instructions;

/* Silicon comes out of reset with its internal oscillator on; the emulator has no RCC. */
static bool emulated(void) {
    return RCC_CR == 0;
}

static clocks clocks_init(void) {
    if (emulated()) { /* where no timer is divided but by its own prescaler */
        return (clocks){.uart_hz = EDGE_CLOCK_HZ / 2u, .timer_hz = EMULATED_HZ};
    }
    FLASH_ACR = (1u << 10) | (1u << 9) | (1u << 8) | 5u;       /* caches, prefetch, 5 wait states */
    RCC_PLLCFGR = (7u << 24) | (0u << 16) | (336u << 6) | 16u; /* 16 MHz / 16 * 336 / 2 */
    RCC_CR |= PLLON;
    uint32_t polls = 0;
    while ((RCC_CR & PLLRDY) == 0) {
        if (++polls == POLLS) {
            return (clocks){.uart_hz = 16000000u, .timer_hz = 16000000u}; /* stays on the oscillator */
        }
    }
    RCC_CFGR = (4u << 13) | (5u << 10) | 2u; /* APB2 / 2, APB1 / 4, system clock from the PLL */
    while ((RCC_CFGR & 0xcu) != 8u) {
    }
    return (clocks){.uart_hz = EDGE_CLOCK_HZ / 2u, .timer_hz = EDGE_CLOCK_HZ / 2u};
}

static void timer_start(uint32_t base, uint32_t prescaler) {
    TIM_PSC(base) = prescaler;
    TIM_ARR(base) = 0xffffffffu;
    TIM_EGR(base) = 1u; /* takes the prescaler over */
    TIM_CR1(base) = 1u;
}

void edge_port_init(void) {
    const clocks c = clocks_init();
    timer_hz = c.timer_hz;
    RCC_APB1ENR |= (1u << 0) | (1u << 3);
    timer_start(TIM2, 0);
    timer_start(TIM5, (1u << COARSE_SHIFT) - 1u);
    edge_port_uart_init(c.uart_hz);
}

uint64_t edge_port_ticks(void) {
    const uint32_t fine = TIM_CNT(TIM2);
    const uint64_t ticks = edge_port_pair(fine, TIM_CNT(TIM5), COARSE_SHIFT);
    return emulated() ? edge_port_count(&instructions, ticks, EMULATED_HZ) : ticks;
}

uint32_t edge_port_ticks_hz(void) {
    return emulated() ? 1000000000u / EDGE_NS_PER_INSTRUCTION : timer_hz;
}

uint32_t edge_port_ns_per_instruction(void) {
    return emulated() ? EDGE_NS_PER_INSTRUCTION : 0;
}
