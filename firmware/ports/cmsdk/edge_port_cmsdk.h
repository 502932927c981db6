/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_PORT_CMSDK_H
#define EDGE_PORT_CMSDK_H

#include "edge_port.h"

void edge_port_uart_init(void);

#endif
