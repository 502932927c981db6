/* SPDX-License-Identifier: Apache-2.0 */
/* Copies and fills of blocks of pixels, shared by the kernels that move data. */
#ifndef EDGE_COPY_H
#define EDGE_COPY_H

#include <stdint.h>
#include <string.h>

/* Copies `width` pixels of `channels` bytes each; pitches are bytes from pixel to pixel. The blocks do not overlap. */
static inline void edge_copy_block(int8_t *dst, unsigned dst_pitch, const int8_t *src, unsigned src_pitch,
                                   unsigned width, unsigned channels) {
    if (dst_pitch == channels && src_pitch == channels) {
        memcpy(dst, src, width * channels);
        return;
    }
    for (unsigned x = 0; x < width; x++, dst += dst_pitch, src += src_pitch) {
        memcpy(dst, src, channels);
    }
}

/* Sets `width` pixels of `channels` bytes each to `value`. */
static inline void edge_fill_block(int8_t *dst, unsigned pitch, int8_t value, unsigned width, unsigned channels) {
    if (pitch == channels) {
        memset(dst, value, width * channels);
        return;
    }
    for (unsigned x = 0; x < width; x++, dst += pitch) {
        memset(dst, value, channels);
    }
}

#endif
