/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_GLOBAL_AVERAGE_POOL_2D_S8_MVE_H
#define EDGE_GLOBAL_AVERAGE_POOL_2D_S8_MVE_H

#include "edge_global_average_pool_2d_s8.h"

/* The most elements that an int16 can take the sum of: 255 * 128 < 2^15. */
enum { EDGE_GLOBAL_AVERAGE_POOL_2D_S8_MVE_MAX = 255 };

typedef edge_global_average_pool_2d_s8_params edge_global_average_pool_2d_s8_mve_params;

/* As edge_global_average_pool_2d_s8, eight channels at a time; maps of at most EDGE_GLOBAL_AVERAGE_POOL_2D_S8_MVE_MAX
 * pixels. `state` has one int16 a channel. */
void edge_global_average_pool_2d_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                        void *scratch, void *state);

#endif
