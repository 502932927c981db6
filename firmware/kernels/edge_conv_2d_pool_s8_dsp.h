/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CONV_2D_POOL_S8_DSP_H
#define EDGE_CONV_2D_POOL_S8_DSP_H

#include "edge_conv_2d_s8_dsp.h"

/* Outputs are made in blocks, and a block's groups some members at a time (a round), so that the channels that are
 * held at once are few. The stream of a round: the first member of each of the block's groups, the second of each, and
 * so on, an odd last channel twice; its runs go from round to round, and their first channels say nothing. */
typedef struct edge_conv_2d_pool_s8_dsp_params {
    edge_conv_2d_s8_dsp_params conv; /* gemm.channels: those that the pool leaves; gemm.pixels: one of the below */
    uint16_t group;                  /* channels that make one */
    uint8_t outputs, members; /* of a block and a round, at most; at most four outputs where a group takes rounds */
} edge_conv_2d_pool_s8_dsp_params;

enum { EDGE_CONV_2D_POOL_DSP_CHANNELS = 32 }; /* of a pixel, held at once: outputs * members at most */

/* Of the gemm of edge_conv_2d_pool_s8_dsp_params. An average is that of a group of at most 256. */
edge_gemm_pixels_of edge_conv_2d_pool_s8_dsp_max, edge_conv_2d_pool_s8_dsp_average;

/* edge_conv_2d_s8_dsp with edgesdk.CrossChannelPool behind the matrix core: the channels between the two are never
 * stored as a whole. */
void edge_conv_2d_pool_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                              void *scratch, void *state);

#endif
