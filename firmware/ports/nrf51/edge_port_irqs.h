/* SPDX-License-Identifier: Apache-2.0 */
void edge_port_uart_irq(void);
void edge_port_wrap_irq(void);
#ifdef EDGE_PORT_TEST_TIMER
void edge_port_test_irq(void);
#define EDGE_PORT_IRQ_TABLE(X) X(2, edge_port_uart_irq) X(8, edge_port_wrap_irq) X(9, edge_port_test_irq)
#else
#define EDGE_PORT_IRQ_TABLE(X) X(2, edge_port_uart_irq) X(8, edge_port_wrap_irq)
#endif
