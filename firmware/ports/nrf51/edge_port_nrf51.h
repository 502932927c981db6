/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_PORT_NRF51_H
#define EDGE_PORT_NRF51_H

#include "edge_port.h"

void edge_port_uart_init(void);

#endif
