/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_1X1_POOL_S8_H
#define EDGE_CONV_2D_1X1_POOL_S8_H

#include "edge_conv_2d_1x1_s8.h"

typedef struct edge_conv_2d_1x1_pool_s8_params {
    edge_conv_2d_1x1_s8_params conv; /* as without the pool */
    uint16_t pooled;                 /* channels in a group of the pool; divides conv.channels */
    uint8_t mode;                    /* see edge_gemm_pool_s8.h */
} edge_conv_2d_1x1_pool_s8_params;

/* edge_conv_2d_1x1_s8 with edgesdk.CrossChannelPool in its registers: the channels between the two are never stored. */
void edge_conv_2d_1x1_pool_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                              void *scratch, void *state);

#endif
