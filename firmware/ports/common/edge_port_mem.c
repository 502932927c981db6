/* SPDX-License-Identifier: Apache-2.0 */
/* string.h without a libc. Compiled with -fno-builtin, lest a loop becomes a call of itself. */
#include <stdint.h>
#include <string.h>

/* A word at any address: one load where the core allows it. */
typedef struct {
    uint32_t word;
} __attribute__((packed, may_alias)) unaligned_word;

typedef uint32_t __attribute__((may_alias)) aligned_word;

#if defined(__ARM_FEATURE_UNALIGNED)
typedef unaligned_word any_word;
#define ANY_ALIGNMENT 1
#else
typedef struct {
    aligned_word word;
} any_word;
#define ANY_ALIGNMENT 0
#endif

/* Forward; loads come before the stores that might overwrite them, so to < from may overlap (memmove relies on it). */
static void copy_up(uint8_t *to, const uint8_t *from, size_t n) {
    if (!ANY_ALIGNMENT && n >= 8 && (((uintptr_t)to ^ (uintptr_t)from) & 3u) == 0) {
        for (; ((uintptr_t)to & 3u) != 0; n--) {
            *to++ = *from++;
        }
    }
    if (ANY_ALIGNMENT || (((uintptr_t)to | (uintptr_t)from) & 3u) == 0) {
        for (; n >= 16; n -= 16, to += 16, from += 16) {
            const any_word *src = (const any_word *)(const void *)from;
            any_word *dst = (any_word *)(void *)to;
            const uint32_t a = src[0].word, b = src[1].word, c = src[2].word, d = src[3].word;
            dst[0].word = a;
            dst[1].word = b;
            dst[2].word = c;
            dst[3].word = d;
        }
        for (; n >= 4; n -= 4, to += 4, from += 4) {
            ((any_word *)(void *)to)->word = ((const any_word *)(const void *)from)->word;
        }
    }
    for (; n >= 4; n -= 4, to += 4, from += 4) {
        const uint8_t a = from[0], b = from[1], c = from[2], d = from[3];
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
    }
    while (n-- > 0) {
        *to++ = *from++;
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t n) {
    copy_up(to, from, n);
    return to;
}

void *memmove(void *to, const void *from, size_t n) {
    if ((uintptr_t)to - (uintptr_t)from >= n) {
        copy_up(to, from, n);
        return to;
    }
    uint8_t *dst = (uint8_t *)to + n;
    const uint8_t *src = (const uint8_t *)from + n;
    if (n >= 8 && (ANY_ALIGNMENT || (((uintptr_t)dst ^ (uintptr_t)src) & 3u) == 0)) {
        for (; ((uintptr_t)dst & 3u) != 0; n--) {
            *--dst = *--src;
        }
        for (; n >= 4; n -= 4) {
            dst -= 4;
            src -= 4;
            ((any_word *)(void *)dst)->word = ((const any_word *)(const void *)src)->word;
        }
    }
    while (n-- > 0) {
        *--dst = *--src;
    }
    return to;
}

void *memset(void *to, int value, size_t n) {
    uint8_t *dst = to;
    const uint32_t word = (uint32_t)(uint8_t)value * 0x01010101u;
    if (n >= 8) {
        for (; ((uintptr_t)dst & 3u) != 0; n--) {
            *dst++ = (uint8_t)value;
        }
        for (; n >= 16; n -= 16, dst += 16) {
            aligned_word *words = (aligned_word *)(void *)dst;
            words[0] = word;
            words[1] = word;
            words[2] = word;
            words[3] = word;
        }
    }
    while (n-- > 0) {
        *dst++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t n) {
    const uint8_t *x = a, *y = b;
    for (; n > 0; n--, x++, y++) {
        if (*x != *y) {
            return *x - *y;
        }
    }
    return 0;
}

size_t strlen(const char *s) {
    const char *end = s;
    while (*end != 0) {
        end++;
    }
    return (size_t)(end - s);
}
