/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D with a 3x3 kernel where requantization is proved: what the families dsp and packed share. */
#ifndef EDGE_DEPTHWISE_3X3_ROWS_H
#define EDGE_DEPTHWISE_3X3_ROWS_H

#include <stdbool.h>

#include "edge/model.h"
#include "edge_depthwise_3x3_line.h"

/* Most channels have a proof that their sums become outputs in two instructions; the others are listed in `exact`. */
typedef struct edge_depthwise_3x3 {
    edge_line_of *line;
    edge_plain_line_of *plain_line; /* NULL where `line` does all */
    const uint32_t *packed;         /* [channels][5]: edge_line_channel; without a proof only its weights */
    const uint16_t *exact;          /* the channels without a proof, ascending, then `channels` */
    const int32_t *exact_bias;
    const int32_t *exact_multiplier;
    const int8_t *exact_shift;
    uint16_t channels;
    uint16_t out_width;
    uint16_t stride_h, stride_w;      /* stride_w is 1 or 2 */
    uint16_t pad_left, pad_right;     /* columns of padding that outputs see: 0 or 1 */
    int8_t in_zero_point, zero_point; /* zero_point is the output's */
    int8_t low, high;
} edge_depthwise_3x3;

/* Row by row, channel by channel along the row.
 *
 * Args:
 *     runs: whether `line` takes several rows at one distance; they are then made channel by channel.
 */
void edge_depthwise_3x3_rows(const edge_depthwise_3x3 *p, const edge_rows *in, const edge_rows *out, edge_span span,
                             bool runs);

#endif
