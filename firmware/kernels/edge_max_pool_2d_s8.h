/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_MAX_POOL_2D_S8_H
#define EDGE_MAX_POOL_2D_S8_H

#include "edge/model.h"

typedef struct edge_max_pool_2d_s8_params {
    uint16_t in_width, out_width, channels;
    uint16_t filter_h, filter_w, stride_h, stride_w;
    uint16_t pad_left;
    int8_t low, high; /* the fused activation's interval */
} edge_max_pool_2d_s8_params;

/* The maximum of each window's valid elements, clamped. */
void edge_max_pool_2d_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state);

#endif
