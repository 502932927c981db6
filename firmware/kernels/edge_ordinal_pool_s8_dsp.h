/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_ORDINAL_POOL_S8_DSP_H
#define EDGE_ORDINAL_POOL_S8_DSP_H

#include "edge_ordinal_pool_s8.h"

/* As edge_ordinal_pool_s8_params, but weights are [channels / 4][ranks][4], the four channels in the order 0, 2, 1, 3.
 */
typedef edge_ordinal_pool_s8_params edge_ordinal_pool_s8_dsp_params;

/* As edge_ordinal_pool_s8, four channels at a time. `scratch` has a word for each rank. */
void edge_ordinal_pool_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                              void *scratch, void *state);

#endif
