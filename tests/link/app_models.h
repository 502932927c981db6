/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_MODELS_H
#define APP_MODELS_H

/* Called by every kernel of the test models; a fuzzer ends runs that take too long. */
void test_kernel_called(void);

#endif
