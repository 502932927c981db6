/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_strided_copy_s8.h"

#include "edge_copy.h"

/* A place in the input: row i of the array, and bytes from that row's start. */
typedef struct place {
    int32_t row, bytes;
} place;

static inline place move(place from, const int16_t *step, int32_t times, int32_t pitch) {
    return (place){from.row + times * step[0], from.bytes + times * (step[1] * pitch + step[2])};
}

/* Where pixel 0, channel 0 of output row y lies. */
static place row_start(const edge_strided_copy_s8_params *p, const edge_rows *in, int32_t y) {
    place at = move((place){-in->y, 0}, p->base, 1, in->pitch);
    for (unsigned k = p->row_axes; k-- > 0;) {
        int32_t digit = y;
        if (k > 0) { /* the outermost digit is what is left: no division */
            y = digit / p->row_sizes[k];
            digit -= y * p->row_sizes[k];
        }
        at = move(at, p->row_steps + 3u * k, digit, in->pitch);
    }
    return at;
}

static void copy_row(const edge_strided_copy_s8_params *p, const edge_rows *in, place at, int8_t *dst, unsigned pitch) {
    const int16_t *xs = p->x_step, *cs = p->c_step;
    const int32_t x_bytes = xs[1] * in->pitch + xs[2];
    const int32_t c_bytes = cs[1] * in->pitch + cs[2];
    const int runs = cs[0] == 0 && (c_bytes == 1 || p->channels == 1);
    if (runs && xs[0] == 0 && (xs[1] == 1 || p->width == 1)) {
        edge_copy_block(dst, pitch, in->row[at.row] + at.bytes, in->pitch, p->width, p->channels);
        return;
    }
    for (unsigned x = 0; x < p->width; x++, dst += pitch, at.row += xs[0], at.bytes += x_bytes) {
        if (runs) {
            memcpy(dst, in->row[at.row] + at.bytes, p->channels);
        } else if (cs[0] == 0) {
            const int8_t *src = in->row[at.row] + at.bytes;
            for (unsigned c = 0; c < p->channels; c++, src += c_bytes) {
                dst[c] = *src;
            }
        } else { /* the output's channels are the input's rows */
            int8_t *const *row = in->row + at.row;
            for (unsigned c = 0; c < p->channels; c++, row += cs[0]) {
                dst[c] = (*row)[at.bytes];
            }
        }
    }
}

void edge_strided_copy_s8(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                          void *state) {
    const edge_strided_copy_s8_params *p = op->params;
    (void)scratch;
    (void)state;
    for (unsigned r = 0; r < span.rows; r++) {
        copy_row(p, in, row_start(p, in, (int32_t)(span.y + r)), out->row[r], out->pitch);
    }
}
