/* SPDX-License-Identifier: Apache-2.0 */
/* The device as a program. TEST_KERNEL_MS makes each kernel call take so many milliseconds. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <time.h>

#include "app_models.h"

void test_kernel_called(void) {
    const char *text = getenv("TEST_KERNEL_MS");
    if (text != NULL) {
        const struct timespec pause = {.tv_nsec = atol(text) * 1000000};
        nanosleep(&pause, NULL);
    }
}
