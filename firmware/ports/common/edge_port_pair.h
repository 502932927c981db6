/* SPDX-License-Identifier: Apache-2.0 */
/* A 64-bit counter from two free-running 32-bit ones. An interrupt on each wrap would cost instructions in the middle
 * of what is being measured; a second counter at a 2^shift-th of the rate costs none. */
#ifndef EDGE_PORT_PAIR_H
#define EDGE_PORT_PAIR_H

#include <stdint.h>

/* fine: ticks modulo 2^32. coarse: ticks / 2^shift modulo 2^32, off by a constant phase of less than 2^31 ticks.
 * Exact for one wrap of coarse, 2^(32 + shift) ticks. */
static inline uint64_t edge_port_pair(uint32_t fine, uint32_t coarse, unsigned shift) {
    const uint64_t about = (uint64_t)coarse << shift;
    return about + (uint64_t)(int64_t)(int32_t)(fine - (uint32_t)about);
}

#endif
