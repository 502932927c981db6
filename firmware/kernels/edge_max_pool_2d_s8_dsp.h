/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_MAX_POOL_2D_S8_DSP_H
#define EDGE_MAX_POOL_2D_S8_DSP_H

#include "edge_max_pool_2d_s8.h"

typedef edge_max_pool_2d_s8_params edge_max_pool_2d_s8_dsp_params;

/* As edge_max_pool_2d_s8, four channels in a word. */
void edge_max_pool_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state);

#endif
