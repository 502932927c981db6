/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of string.h that the firmware uses, for toolchains without a libc. */
#ifndef EDGE_STRING_H
#define EDGE_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);

#endif
