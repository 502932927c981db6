/* SPDX-License-Identifier: Apache-2.0 */
/* Register-blocked int8 dot products: the inner loops of the portable convolutions.
 *
 * Sums are int32 and wrap modulo 2^32, as TFLite's do. No alignment is asked of any pointer. */
#ifndef EDGE_DOT_S8_H
#define EDGE_DOT_S8_H

#include <stdint.h>

/* Keeps a value where it is: the compiler would otherwise reassociate sums and move loads up, run out of registers and
 * spill. */
#define EDGE_KEEP(value) __asm__("" : "+r"(value))

/* Arm loads advance their pointer for nothing; elsewhere one addition serves four loads. */
#if defined(__arm__)
#define EDGE_TAKE(pointer, i) (*(pointer)++)
#define EDGE_SKIP(pointer)                                                                                             \
    do {                                                                                                               \
    } while (0)
#else
#define EDGE_TAKE(pointer, i) ((pointer)[i])
#define EDGE_SKIP(pointer) ((pointer) += 4)
#endif

/* Two pixels by two channels: sum[0] += x0.w0, sum[1] += x0.w1, sum[2] += x1.w0, sum[3] += x1.w1 over n elements. */
static inline void edge_dot_s8_2x2(const int8_t *x0, const int8_t *x1, const int8_t *w0, const int8_t *w1, uint32_t n,
                                   int32_t sum[4]) {
    int32_t a = sum[0];
    int32_t b = sum[1];
    int32_t c = sum[2];
    int32_t d = sum[3];
#define EDGE_STEP_2X2(i)                                                                                               \
    {                                                                                                                  \
        const int32_t p = EDGE_TAKE(x0, i);                                                                            \
        const int32_t q = EDGE_TAKE(x1, i);                                                                            \
        const int32_t u = EDGE_TAKE(w0, i);                                                                            \
        a += p * u;                                                                                                    \
        c += q * u;                                                                                                    \
        const int32_t v = EDGE_TAKE(w1, i);                                                                            \
        b += p * v;                                                                                                    \
        d += q * v;                                                                                                    \
        EDGE_KEEP(a);                                                                                                  \
        EDGE_KEEP(b);                                                                                                  \
        EDGE_KEEP(c);                                                                                                  \
        EDGE_KEEP(d);                                                                                                  \
        EDGE_KEEP(x0);                                                                                                 \
        EDGE_KEEP(x1);                                                                                                 \
        EDGE_KEEP(w0);                                                                                                 \
        EDGE_KEEP(w1);                                                                                                 \
    }
    for (const int8_t *end = x0 + (n & ~3u); x0 != end;) {
        EDGE_STEP_2X2(0)
        EDGE_STEP_2X2(1)
        EDGE_STEP_2X2(2)
        EDGE_STEP_2X2(3)
        EDGE_SKIP(x0);
        EDGE_SKIP(x1);
        EDGE_SKIP(w0);
        EDGE_SKIP(w1);
    }
#undef EDGE_STEP_2X2
    for (const int8_t *end = x0 + (n & 3u); x0 != end; x0++, x1++, w0++, w1++) {
        a += *x0 * *w0;
        b += *x0 * *w1;
        c += *x1 * *w0;
        d += *x1 * *w1;
    }
    sum[0] = a;
    sum[1] = b;
    sum[2] = c;
    sum[3] = d;
}

/* One pixel by four channels: sum[i] += x.w[i] over n elements. */
static inline void edge_dot_s8_1x4(const int8_t *x, const int8_t *w0, const int8_t *w1, const int8_t *w2,
                                   const int8_t *w3, uint32_t n, int32_t sum[4]) {
    int32_t a = sum[0];
    int32_t b = sum[1];
    int32_t c = sum[2];
    int32_t d = sum[3];
#define EDGE_STEP_1X4(i)                                                                                               \
    {                                                                                                                  \
        const int32_t p = EDGE_TAKE(x, i);                                                                             \
        a += p * EDGE_TAKE(w0, i);                                                                                     \
        b += p * EDGE_TAKE(w1, i);                                                                                     \
        c += p * EDGE_TAKE(w2, i);                                                                                     \
        d += p * EDGE_TAKE(w3, i);                                                                                     \
        EDGE_KEEP(a);                                                                                                  \
        EDGE_KEEP(b);                                                                                                  \
        EDGE_KEEP(c);                                                                                                  \
        EDGE_KEEP(d);                                                                                                  \
        EDGE_KEEP(x);                                                                                                  \
        EDGE_KEEP(w0);                                                                                                 \
        EDGE_KEEP(w1);                                                                                                 \
        EDGE_KEEP(w2);                                                                                                 \
        EDGE_KEEP(w3);                                                                                                 \
    }
    for (const int8_t *end = x + (n & ~3u); x != end;) {
        EDGE_STEP_1X4(0)
        EDGE_STEP_1X4(1)
        EDGE_STEP_1X4(2)
        EDGE_STEP_1X4(3)
        EDGE_SKIP(x);
        EDGE_SKIP(w0);
        EDGE_SKIP(w1);
        EDGE_SKIP(w2);
        EDGE_SKIP(w3);
    }
#undef EDGE_STEP_1X4
    for (const int8_t *end = x + (n & 3u); x != end; x++, w0++, w1++, w2++, w3++) {
        a += *x * *w0;
        b += *x * *w1;
        c += *x * *w2;
        d += *x * *w3;
    }
    sum[0] = a;
    sum[1] = b;
    sum[2] = c;
    sum[3] = d;
}

#endif
