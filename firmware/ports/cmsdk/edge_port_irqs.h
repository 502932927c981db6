/* SPDX-License-Identifier: Apache-2.0 */
/* No interrupt has a handler here. */
#define EDGE_PORT_IRQ_TABLE(X)
