/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_global_average_pool_2d_s8.h"

#include <string.h>

#include "edge_divide.h"
#include "edge_requantize.h"
#include "edge_sum_row_s8.h"

void edge_global_average_pool_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                    void *scratch, void *state) {
    const edge_global_average_pool_2d_s8_params *p = op->params;
    int32_t *sums = state;
    (void)scratch;
    if (span.y == 0) {
        memset(sums, 0, p->channels * sizeof *sums);
    }
    for (unsigned r = 0; r < span.rows; r++) {
        edge_sum_row_s8(in->row[r], in->pitch, p->width, p->channels, sums);
    }
    if ((unsigned)span.y + span.rows < op->frame_rows) {
        return;
    }
    const edge_divisor n = edge_make_divisor(p->count);
    for (unsigned c = 0; c < p->channels; c++) {
        const int32_t sum = sums[c];
        const uint32_t magnitude = (uint32_t)(sum < 0 ? -sum : sum) + (p->count >> 1);
        const int32_t mean = (int32_t)edge_divide(magnitude, n);
        out->row[0][c] = edge_clamp_s8(sum < 0 ? -mean : mean, p->low, p->high);
    }
}
