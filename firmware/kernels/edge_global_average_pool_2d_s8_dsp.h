/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_GLOBAL_AVERAGE_POOL_2D_S8_DSP_H
#define EDGE_GLOBAL_AVERAGE_POOL_2D_S8_DSP_H

#include "edge_global_average_pool_2d_s8.h"

typedef edge_global_average_pool_2d_s8_params edge_global_average_pool_2d_s8_dsp_params;

/* As edge_global_average_pool_2d_s8, four channels at a time at any address; rows of at most EDGE_SUM4_DSP_MAX pixels.
 */
void edge_global_average_pool_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                        void *scratch, void *state);

#endif
