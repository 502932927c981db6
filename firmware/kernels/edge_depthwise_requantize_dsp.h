/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_DEPTHWISE_REQUANTIZE_DSP_H
#define EDGE_DEPTHWISE_REQUANTIZE_DSP_H

#include "edge_depthwise_conv_2d_s8_dsp.h"
#include "edge_dsp.h"
#include "edge_requantize.h"

enum { EDGE_DEPTHWISE_SHIFT = 10 }; /* after the high word of the product */

/* By a proved scale. */
static inline int8_t edge_depthwise_scaled(int32_t sum, int32_t offset, int32_t factor) {
    return (int8_t)EDGE_DSP_SSAT8_ASR(edge_smmla(sum * 256 + offset, factor, 0), EDGE_DEPTHWISE_SHIFT);
}

/* The output of channel c: `sum` is of inputs minus their zero point, without a bias. */
static inline int8_t edge_depthwise_requantize(const edge_depthwise_conv_2d_s8_dsp_params *p, uint32_t c, int32_t sum) {
    const int32_t factor = p->scale[2 * c + 1];
    if (factor == 0) {
        const int32_t y = edge_requantize(sum + p->exact_bias[c], p->exact_multiplier[c], -p->exact_right[c]);
        return edge_clamp_s8(y + p->zero_point, p->low, p->high);
    }
    return edge_depthwise_scaled(sum, p->scale[2 * c], factor);
}

#endif
