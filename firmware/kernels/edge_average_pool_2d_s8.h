/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_AVERAGE_POOL_2D_S8_H
#define EDGE_AVERAGE_POOL_2D_S8_H

#include "edge/model.h"

typedef struct edge_average_pool_2d_s8_params {
    uint16_t in_width, out_width, channels;
    uint16_t filter_h, filter_w, stride_h, stride_w;
    uint16_t pad_left;
    int8_t low, high; /* the fused activation's interval */
} edge_average_pool_2d_s8_params;

/* The mean of each window's valid elements, rounded half away from zero, clamped. */
void edge_average_pool_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state);

#endif
