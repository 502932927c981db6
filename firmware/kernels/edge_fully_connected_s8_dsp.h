/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_FULLY_CONNECTED_S8_DSP_H
#define EDGE_FULLY_CONNECTED_S8_DSP_H

#include <stdbool.h>

#include "edge/model.h"
#include "edge_gemm_s8_dsp.h"

/* stream: for four channels the two pairs of edge_gemm_s8_dsp.h: their first words; per step word 0 of either pair,
 * then word 1 of either; the constants of the first pair, then those of the second. `quads` fours begin at channel 0;
 * where channels are left over, one more ends with the last. epilogue: of `multiply`. Scratch: 8 * steps bytes,
 * or none where items are whole steps of consecutive bytes. */
typedef struct edge_fully_connected_s8_dsp_params {
    const uint32_t *stream;
    edge_gemm_core_of *multiply; /* wide with scratch, bytes without */
    const edge_gemm_epilogue_s8_dsp *epilogue;
    uint32_t steps;
    uint32_t depth;
    uint16_t channels;
    uint16_t quads;
    uint16_t item_width, item_channels; /* an item is so many pixels of an input row */
    uint16_t row_items;                 /* items side by side in an input row */
    uint16_t width;                     /* output pixels, each an item, in a row */
    int8_t low, high;
    bool narrow; /* low and high exclude some int8 value */
} edge_fully_connected_s8_dsp_params;

/* FULLY_CONNECTED whose items lie in one row each, of four or more channels, all of them proved. */
void edge_fully_connected_s8_dsp(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span,
                                 void *scratch, void *state);

#endif
