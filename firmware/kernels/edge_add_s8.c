/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_add_s8.h"

#include "edge_requantize.h"
#include "edge_walk.h"

/* TFLite counts both inputs in units of t * 2^-20, t being twice the larger scale. The input with that scale is thus
 * exactly 2^19 times its value. The other is its value << 20 through a multiplier below 1/2: with one bit more, the
 * high word of the product is what TFLite shifts right by narrow_right >= 1. Both terms are below 2^27 in magnitude. */
static inline int32_t rescale_narrow(int32_t x, const edge_add_s8_params *p) {
    const int64_t product = (int64_t)(x * p->narrow_factor + p->narrow_constant) * p->narrow_multiplier;
    const int32_t high = (int32_t)((product + (INT64_C(1) << 31)) >> 32);
    return (high + (int32_t)(1u << (p->narrow_right - 1)) + (high >> 31)) >> p->narrow_right; /* ties away from zero */
}

static inline edge_walk with_swapped_inputs(edge_walk walk) {
    edge_walk swapped = walk;
    swapped.a = walk.b;
    swapped.b = walk.a;
    swapped.a_element = walk.b_element;
    swapped.b_element = walk.a_element;
    swapped.a_pixel = walk.b_pixel;
    swapped.b_pixel = walk.a_pixel;
    return swapped;
}

void edge_add_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                 void *state) {
    const edge_add_s8_params p = *(const edge_add_s8_params *)op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        edge_walk walk = edge_walk_row(in, out, r, p.width, p.channels, p.steps);
        if (p.wide != 0) {
            walk = with_swapped_inputs(walk);
        }
        EDGE_WALK_ELEMENTS(walk, {
            const int32_t sum = *a * p.wide_factor + p.wide_constant + rescale_narrow(*b, &p) * p.narrow_sign;
            const int32_t result = edge_requantize(sum, p.multiplier, -p.right) + p.zero_point;
            *to = edge_clamp_s8(result, p.low, p.high);
        })
    }
}
