/* SPDX-License-Identifier: Apache-2.0 */
#include "app_models.h"

void test_kernel_called(void) {}
