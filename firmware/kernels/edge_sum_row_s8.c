/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_sum_row_s8.h"

#include "edge_sum_s8.h"

void edge_sum_row_s8(const int8_t *row, unsigned pitch, unsigned width, unsigned channels, int32_t *sums) {
    unsigned c = 0;
    if (edge_sum4_aligned(row, pitch)) {
        for (; c + 4u <= channels; c += 4u) {
            for (unsigned x = 0; x < width;) {
                const unsigned left = width - x;
                const unsigned n = left > EDGE_SUM4_MAX ? EDGE_SUM4_MAX : left;
                int32_t part[4];
                edge_sum4_get(edge_sum4_add((edge_sum4){0, 0}, row + x * pitch + c, pitch, n), n, part);
                for (unsigned i = 0; i < 4; i++) {
                    sums[c + i] += part[i];
                }
                x += n;
            }
        }
    }
    for (; c < channels; c++) {
        int32_t sum = 0;
        const int8_t *src = row + c;
        for (unsigned x = 0; x < width; x++, src += pitch) {
            sum += *src;
        }
        sums[c] += sum;
    }
}
