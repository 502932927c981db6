/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_1x1_s8.h"

#include "edge_conv_2d_1x1_walk.h"

void edge_conv_2d_1x1_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state) {
    const edge_conv_2d_1x1_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    edge_gemm_s8 g = edge_conv_2d_1x1_gemm(p);
    edge_conv_2d_1x1_walk(p, &g, edge_gemm_s8_pair, edge_gemm_s8_single, p->channels, in, out, span);
}
