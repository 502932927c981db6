/* SPDX-License-Identifier: Apache-2.0 */
/* The inner loop of the packed family: two pixels in one multiplication, on cores that multiply 32 bits by 32 to 32. */
#ifndef EDGE_DOT_S8_PACKED_H
#define EDGE_DOT_S8_PACKED_H

#include <stdint.h>

/* Elements whose products are summed before their two fields are taken apart. */
enum { EDGE_PACKED_GROUP = 4 };

/* What a field starts from. The weights of a group sum to 254 at most, signs aside (kernels/gemm_packed.py sees to it),
 * so a field stays within [0, 65,024] and nothing is carried from one to the other. */
enum { EDGE_PACKED_FIELD = 254 * 128 };

enum { EDGE_PACKED_FIELDS = EDGE_PACKED_FIELD * 0x10001 };

/* One element of two pixels. */
static inline uint32_t edge_pack(int8_t x0, int8_t x1) {
    return (uint32_t)(int32_t)x0 + ((uint32_t)(int32_t)x1 << 16);
}

/* Two pixels, x[k] = edge_pack(x0[k], x1[k]), by pairs of channels w[2 * pairs][n]; n is a multiple of
 * EDGE_PACKED_GROUP and neither is 0. Stores for each channel the sum of all groups and the sum of their upper fields.
 */
void edge_dot_s8_packed(const uint32_t *x, const int8_t *w, uint32_t n, uint32_t pairs, uint32_t *sums);

/* Armv6-M has not the registers for a loop of its own for one pixel. */
#if defined(__arm__) && !defined(__thumb2__)
#define edge_dot_s8_packed_one edge_dot_s8_packed
#else
/* The same for one pixel, x[k] = edge_pack(x0[k], 0): what is stored makes the same sum of it, and 0 of the other. */
void edge_dot_s8_packed_one(const uint32_t *x, const int8_t *w, uint32_t n, uint32_t pairs, uint32_t *sums);
#endif

#endif
