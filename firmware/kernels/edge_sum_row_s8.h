/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_SUM_ROW_S8_H
#define EDGE_SUM_ROW_S8_H

#include <stdint.h>

/* sums[c] += the sum over the row's pixels of channel c. */
void edge_sum_row_s8(const int8_t *row, unsigned pitch, unsigned width, unsigned channels, int32_t *sums);

#endif
