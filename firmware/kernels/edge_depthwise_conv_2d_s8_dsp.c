/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_depthwise_conv_2d_s8_dsp.h"

void edge_depthwise_conv_2d_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                   void *scratch, void *state) {
    const edge_depthwise_conv_2d_s8_dsp_params *p = op->params;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        const edge_taps vertical =
            edge_taps_inside((int32_t)(r * p->stride_h), p->dilation_h, p->kernel_h, in->valid_from, in->valid_to);
        const edge_depthwise_window window = {in->row + vertical.first, (uint32_t)(vertical.to - vertical.from),
                                              (uint32_t)vertical.from, in->pitch};
        p->make_row(p, &window, out->row[r], out->pitch, scratch);
    }
}
