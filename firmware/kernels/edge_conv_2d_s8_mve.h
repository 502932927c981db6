/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_S8_MVE_H
#define EDGE_CONV_2D_S8_MVE_H

#include "edge/model.h"
#include "edge_gemm_s8_mve.h"

/* gemm: blocks of four channels; a column is a patch, [kernel_h][kernel_w][depth]. */
typedef struct edge_conv_2d_s8_mve_params {
    edge_gemm_s8_mve gemm;
    uint16_t depth; /* input channels */
    uint16_t in_width, out_width;
    uint16_t kernel_h, kernel_w;
    uint16_t stride_h, stride_w;
    uint16_t dilation_h, dilation_w;
    uint16_t pad_left;
    uint16_t inner_from, inner_to; /* output columns whose windows lie in the frame; none where dilation_w > 1 */
    uint16_t run, patch;           /* bytes of a window's row, and of a patch in scratch */
    uint16_t patches;              /* that scratch holds: 1, for a single output pixel, or an even number */
    int8_t in_zero_point;
} edge_conv_2d_s8_mve_params;

/* CONV_2D of one group, any geometry. Gathers the patches of some pixels into `scratch` (each rounded up to a multiple
 * of 4 bytes) and multiplies; columns outside the frame are filled with the input zero point, rows outside point at it
 * already. */
void edge_conv_2d_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state);

#endif
