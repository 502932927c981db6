/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_conv_2d_pool_s8.h"

#include "edge_conv_2d_walk.h"
#include "edge_gemm_pool_s8.h"

void edge_conv_2d_pool_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                          void *state) {
    const edge_conv_2d_pool_s8_params *p = op->params;
    (void)state;
    edge_gemm_pool_s8 g = {
        .gemm = edge_conv_2d_gemm(&p->conv), .pooled = edge_make_divisor(p->pooled), .mode = p->mode};
    edge_conv_2d_walk(&p->conv, &g.gemm, edge_gemm_pool_s8_pair, edge_gemm_pool_s8_single, p->conv.channels / p->pooled,
                      in, out, span, scratch);
}
