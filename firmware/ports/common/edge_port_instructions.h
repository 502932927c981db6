/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions counted by an emulator's clock, on which each takes EDGE_NS_PER_INSTRUCTION ns (a power of two).
 *
 * A timer's tick is no whole number of instructions, so that a difference of two readings is off by up to a tick. But
 * one instruction is more than two ticks: what lies between two readings in a row rounds to the true count, and so
 * their sum is exact. Only while the core sleeps does time pass without instructions; nobody measures that. */
#ifndef EDGE_PORT_INSTRUCTIONS_H
#define EDGE_PORT_INSTRUCTIONS_H

#include <stdint.h>

typedef struct edge_port_instructions {
    uint64_t reading, count;
} edge_port_instructions;

/* Ticks of 1/hz s; sixteenths of a nanosecond make them whole at all rates in use. */
#define EDGE_PORT_CHECK_RATE(hz)                                                                                       \
    _Static_assert(16000000000u % (hz) == 0, "a tick is no multiple of 1/16 ns");                                      \
    _Static_assert((hz) * (uint64_t)EDGE_NS_PER_INSTRUCTION > 2000000000u, "an instruction is not two ticks")

static inline uint64_t edge_port_count(edge_port_instructions *state, uint64_t reading, uint32_t hz) {
    const uint64_t sixteenths = (reading - state->reading) * (16000000000u / hz);
    const unsigned shift = 4u + (unsigned)__builtin_ctz(EDGE_NS_PER_INSTRUCTION);
    state->reading = reading;
    state->count += (sixteenths + (1u << (shift - 1u))) >> shift;
    return state->count;
}

#endif
