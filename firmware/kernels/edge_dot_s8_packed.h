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

/* Two pixels, x[k] = x0[k] + 65536 * x1[k] modulo 2^32, by two channels over n elements, a multiple of
 * EDGE_PACKED_GROUP and not 0. Stores for channel 0, then for channel 1: the sum of all groups and the sum of their
 * upper fields. */
void edge_dot_s8_packed(const uint32_t *x, const int8_t *w0, const int8_t *w1, uint32_t n, uint32_t sums[4]);

#endif
