/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_PORT_RISCV_H
#define EDGE_PORT_RISCV_H

#include "edge_port.h"

/* A 32-bit device register, and an 8-bit one. */
#define EDGE_REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define EDGE_REG8(address) (*(volatile uint8_t *)(uintptr_t)(address))

#endif
