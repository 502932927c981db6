/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_depthwise_conv_2d_3x3_s8_packed.h"

void edge_depthwise_conv_2d_3x3_s8_packed(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                          void *scratch, void *state) {
    (void)scratch;
    (void)state;
    edge_depthwise_3x3_rows(op->params, in, out, span, false);
}
