/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_GLOBAL_AVERAGE_POOL_2D_S8_H
#define EDGE_GLOBAL_AVERAGE_POOL_2D_S8_H

#include "edge/model.h"

typedef struct edge_global_average_pool_2d_s8_params {
    uint32_t count; /* elements in a map of one channel */
    uint16_t width, channels;
    int8_t low, high; /* the fused activation's interval */
} edge_global_average_pool_2d_s8_params;

/* The mean of each channel over a whole frame, rounded half away from zero, clamped. Rows are added to `state`, one
 * int32 a channel; the frame's last row writes the output. */
void edge_global_average_pool_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                    void *scratch, void *state);

#endif
