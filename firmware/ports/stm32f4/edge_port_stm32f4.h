/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_PORT_STM32F4_H
#define EDGE_PORT_STM32F4_H

#include "edge_port.h"

/* clock_hz: of the bus the USART hangs on. */
void edge_port_uart_init(uint32_t clock_hz);

#endif
