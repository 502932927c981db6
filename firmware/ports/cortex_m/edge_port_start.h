/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_PORT_START_H
#define EDGE_PORT_START_H

#include "edge_port.h"

typedef union edge_vector {
    void (*handler)(void);
    uint32_t *stack;
} edge_vector;

extern const edge_vector edge_vectors[];

/* Every fault and every interrupt without a handler: reports through edge_app_fault. */
void edge_port_unexpected(void);

#ifdef EDGE_PORT_TEST_TIMER
void edge_port_systick(void);
#endif

#endif
