/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_ORDINAL_POOL_S8_MVE_H
#define EDGE_ORDINAL_POOL_S8_MVE_H

#include "edge_ordinal_pool_s8.h"

/* As edge_ordinal_pool_s8_params without multiplier, but weights are [channels / 16][ranks][16], of sixteen channels
 * the even ones before the odd ones. */
typedef edge_ordinal_pool_s8_params edge_ordinal_pool_s8_mve_params;

/* As edge_ordinal_pool_s8 for shares, sixteen channels at a time. `scratch` has 16 bytes for each rank. */
void edge_ordinal_pool_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                              void *scratch, void *state);

#endif
