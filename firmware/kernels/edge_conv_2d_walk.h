/* SPDX-License-Identifier: Apache-2.0 */
/* How a convolution walks over its patches; compiled once for each matrix core that it feeds. */
#ifndef EDGE_CONV_2D_WALK_H
#define EDGE_CONV_2D_WALK_H

#include <string.h>

#include "edge_conv_2d_s8.h"
#include "edge_gemm_s8.h"

/* Patches are short, often under ten bytes: calling memcpy would cost more than the copy. Where words may lie anywhere,
 * the compiler joins the four bytes. */
static inline int8_t *edge_patch_copy(int8_t *to, const int8_t *from, uint32_t n) {
    for (; n >= 4; n -= 4, to += 4, from += 4) {
        const int8_t a = from[0], b = from[1], c = from[2], d = from[3];
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
    }
    for (; n > 0; n--) {
        *to++ = *from++;
    }
    return to;
}

/* Writes the patch of one group for output column x; row[0] is its first input row, at the group's first channel. */
static inline void edge_patch_gather(const edge_conv_2d_s8_params *p, int8_t *const *row, uint32_t channel,
                                     unsigned pitch, unsigned x, int8_t *patch) {
    const int32_t first = (int32_t)(x * p->stride_w) - p->pad_left;
    const int32_t last = first + (p->kernel_w - 1) * p->dilation_w;
    const bool inside = first >= 0 && last < p->in_width;
    const bool dense = p->dilation_w == 1 && pitch == p->group_depth;
    const uint32_t run = (uint32_t)p->kernel_w * p->group_depth;
    for (unsigned ky = 0; ky < p->kernel_h; ky++, row += p->dilation_h) {
        const int8_t *line = *row + channel;
        if (inside && dense) {
            patch = edge_patch_copy(patch, line + (uint32_t)first * pitch, run);
            continue;
        }
        int32_t column = first;
        for (unsigned kx = 0; kx < p->kernel_w; kx++, column += p->dilation_w) {
            if ((uint32_t)column < p->in_width) {
                patch = edge_patch_copy(patch, line + (uint32_t)column * pitch, p->group_depth);
            } else {
                memset(patch, p->in_zero_point, p->group_depth);
                patch += p->group_depth;
            }
        }
    }
}

static inline edge_gemm_s8 edge_conv_2d_gemm(const edge_conv_2d_s8_params *p) {
    return (edge_gemm_s8){.weights = p->weights,
                          .bias = p->bias,
                          .multiplier = p->multiplier,
                          .right = p->right,
                          .depth = p->depth,
                          .channels = p->channels,
                          .scale_mask = p->scale_mask,
                          .zero_point = p->zero_point,
                          .low = p->low,
                          .high = p->high,
                          .narrow = p->narrow};
}

/* pair and single are constants; `stored` counts the channels of a group that they store. */
static inline __attribute__((always_inline)) void edge_conv_2d_walk(const edge_conv_2d_s8_params *p, edge_gemm_s8 *g,
                                                                    edge_gemm_s8_of_two *pair,
                                                                    edge_gemm_s8_of_one *single, uint32_t stored,
                                                                    const edge_rows *in, const edge_rows *out,
                                                                    edge_span span, void *scratch) {
    int8_t *patch0 = scratch;
    int8_t *patch1 = patch0 + ((p->depth + 3) & ~3u);
    for (unsigned group = 0; group < p->groups; group++) {
        const uint32_t channel = group * p->group_depth;
        int8_t *waiting = NULL; /* an output whose patch lies in patch0 */
        for (unsigned r = 0; r < span.rows; r++) {
            int8_t *const *row = in->row + r * p->stride_h;
            int8_t *y = out->row[r] + group * stored;
            for (unsigned x = 0; x < p->out_width; x++, y += out->pitch) {
                edge_patch_gather(p, row, channel, in->pitch, x, waiting == NULL ? patch0 : patch1);
                if (waiting == NULL) {
                    waiting = y;
                } else {
                    pair(g, patch0, patch1, waiting, y);
                    waiting = NULL;
                }
            }
        }
        if (waiting != NULL) {
            single(g, patch0, waiting);
        }
        g->weights += p->channels * p->depth;
        g->bias += p->channels;
        if (p->scale_mask != 0) {
            g->multiplier += p->channels;
            g->right += p->channels;
        }
    }
}

#endif
