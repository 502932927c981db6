/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEPTHWISE_CONV_2D_3X3_S8_PACKED_H
#define EDGE_DEPTHWISE_CONV_2D_3X3_S8_PACKED_H

#include "edge/model.h"
#include "edge_depthwise_3x3_rows.h"

typedef edge_depthwise_3x3 edge_depthwise_conv_2d_3x3_s8_packed_params;

/* DEPTHWISE_CONV_2D with a 3x3 kernel, no dilation and one output channel per input channel: row by row, channel by
 * channel along the row, without scratch. */
void edge_depthwise_conv_2d_3x3_s8_packed(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                          void *scratch, void *state);

#endif
