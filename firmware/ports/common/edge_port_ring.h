/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes from the UART's receive interrupt (one producer) to the application (one consumer). Holds 255. */
#ifndef EDGE_PORT_RING_H
#define EDGE_PORT_RING_H

#include <stdbool.h>
#include <stdint.h>

typedef struct edge_port_ring {
    volatile uint8_t head, tail; /* next to write, next to read; they wrap with the array */
    volatile uint8_t data[256];
} edge_port_ring;

static inline bool edge_port_ring_full(const edge_port_ring *ring) {
    return (uint8_t)(ring->head + 1u) == ring->tail;
}

static inline void edge_port_ring_put(edge_port_ring *ring, uint8_t byte) {
    const uint8_t head = ring->head;
    ring->data[head] = byte;
    ring->head = (uint8_t)(head + 1u);
}

static inline bool edge_port_ring_get(edge_port_ring *ring, uint8_t *byte) {
    const uint8_t tail = ring->tail;
    if (tail == ring->head) {
        return false;
    }
    *byte = ring->data[tail];
    ring->tail = (uint8_t)(tail + 1u);
    return true;
}

#endif
