/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_MODELS_H
#define APP_MODELS_H

#include "edge_port.h"

/* What the model `pair` reports when its first input byte is 0x7f. */
extern const edge_fault test_fault;

/* Called by every kernel of the test models; a fuzzer ends runs that take too long. */
void test_kernel_called(void);

#endif
