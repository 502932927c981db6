/* SPDX-License-Identifier: Apache-2.0 */
void edge_port_uart_irq(void);
#define EDGE_PORT_IRQ_TABLE(X) X(37, edge_port_uart_irq)
