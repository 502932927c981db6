/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_1X1_S8_DSP_H
#define EDGE_CONV_2D_1X1_S8_DSP_H

#include "edge_conv_2d_s8_dsp.h"

typedef edge_conv_2d_s8_dsp_params edge_conv_2d_1x1_s8_dsp_params;

/* edge_conv_2d_s8_dsp of a 1x1 kernel with stride 1 and no padding. Rows that follow each other in both maps are made
 * as one, so that fewer pixels are left over from threes. */
void edge_conv_2d_1x1_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                             void *scratch, void *state);

#endif
