/* SPDX-License-Identifier: Apache-2.0 */
/* Little-endian numbers at any address. */
#ifndef EDGE_WIRE_H
#define EDGE_WIRE_H

#include <stdint.h>
#include <string.h>

static inline uint16_t edge_get_u16(const uint8_t *at) {
    return (uint16_t)(at[0] | (at[1] << 8));
}

static inline uint32_t edge_get_u32(const uint8_t *at) {
    return (uint32_t)edge_get_u16(at) | ((uint32_t)edge_get_u16(at + 2) << 16);
}

/* The writers return the address behind the number. */
static inline uint8_t *edge_put_u8(uint8_t *at, uint8_t value) {
    *at = value;
    return at + 1;
}

static inline uint8_t *edge_put_u16(uint8_t *at, uint16_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    return at + 2;
}

static inline uint8_t *edge_put_u32(uint8_t *at, uint32_t value) {
    return edge_put_u16(edge_put_u16(at, (uint16_t)value), (uint16_t)(value >> 16));
}

static inline uint8_t *edge_put_u64(uint8_t *at, uint64_t value) {
    return edge_put_u32(edge_put_u32(at, (uint32_t)value), (uint32_t)(value >> 32));
}

static inline uint8_t *edge_put_f32(uint8_t *at, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return edge_put_u32(at, bits);
}

/* As much of `text` as ends at or before `end`, without its NUL. */
static inline uint8_t *edge_put_text(uint8_t *at, const uint8_t *end, const char *text) {
    while (*text != '\0' && at < end) {
        *at++ = (uint8_t)*text++;
    }
    return at;
}

#endif
