/* SPDX-License-Identifier: Apache-2.0 */
/* Walks one output row of a two-input element-wise kernel together with its broadcast operands. */
#ifndef EDGE_WALK_H
#define EDGE_WALK_H

#include "edge/model.h"

/* What input a (port 0) moves on with; those of input b (port 1) are three bits higher. */
enum { EDGE_WALK_ROW = 1, EDGE_WALK_PIXEL = 2, EDGE_WALK_CHANNEL = 4, EDGE_WALK_B = 3 };

/* Pointers to the row's first elements, and what to add to them after each element (0 or 1; the output's is 1) and
 * after each pixel. */
typedef struct edge_walk {
    const int8_t *a, *b;
    int8_t *out;
    uint32_t pixels, channels;
    uint32_t a_element, b_element;
    int32_t a_pixel, b_pixel, out_pixel;
} edge_walk;

/* Row r of the span: `width` pixels of `channels` elements. A row without gaps in any of the three is one long pixel.
 */
static inline edge_walk edge_walk_row(const edge_rows *in, const edge_rows *out, unsigned r, uint32_t width,
                                      uint32_t channels, unsigned steps) {
    const unsigned a = steps;
    const unsigned b = steps >> EDGE_WALK_B;
    edge_walk walk;
    walk.a = in[0].row[(a & EDGE_WALK_ROW) ? r : 0];
    walk.b = in[1].row[(b & EDGE_WALK_ROW) ? r : 0];
    walk.out = out->row[r];
    walk.a_element = (a & EDGE_WALK_CHANNEL) ? 1 : 0;
    walk.b_element = (b & EDGE_WALK_CHANNEL) ? 1 : 0;
    walk.a_pixel = ((a & EDGE_WALK_PIXEL) ? in[0].pitch : 0) - (int32_t)(walk.a_element * channels);
    walk.b_pixel = ((b & EDGE_WALK_PIXEL) ? in[1].pitch : 0) - (int32_t)(walk.b_element * channels);
    walk.out_pixel = out->pitch - (int32_t)channels;
    const bool gapless = walk.a_pixel == 0 && walk.b_pixel == 0 && walk.out_pixel == 0;
    walk.pixels = gapless ? 1 : width;
    walk.channels = gapless ? width * channels : channels;
    return walk;
}

/* Runs `body` for every element of a walk; it reads *a and *b and writes *to. Twice in the code: constant steps spare
 * the common case two registers. */
#define EDGE_WALK_ELEMENTS(walk, body)                                                                                 \
    if ((walk).a_element + (walk).b_element == 2) {                                                                    \
        EDGE_WALK_PIXELS(walk, body, 1, 1)                                                                             \
    } else {                                                                                                           \
        EDGE_WALK_PIXELS(walk, body, (walk).a_element, (walk).b_element)                                               \
    }

#define EDGE_WALK_PIXELS(walk, body, a_step, b_step)                                                                   \
    {                                                                                                                  \
        const int8_t *a = (walk).a;                                                                                    \
        const int8_t *b = (walk).b;                                                                                    \
        int8_t *to = (walk).out;                                                                                       \
        for (uint32_t pixel = (walk).pixels; pixel > 0; pixel--) {                                                     \
            for (const int8_t *end = to + (walk).channels; to != end; to++) {                                          \
                body;                                                                                                  \
                a += (a_step);                                                                                         \
                b += (b_step);                                                                                         \
            }                                                                                                          \
            a += (walk).a_pixel;                                                                                       \
            b += (walk).b_pixel;                                                                                       \
            to += (walk).out_pixel;                                                                                    \
        }                                                                                                              \
    }

#endif
