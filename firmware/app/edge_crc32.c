/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_crc32.h"

/* Four bits a step: 64 bytes of table instead of the usual 1,024. Entry i is i * x^28 modulo the reflected polynomial
 * 0xedb88320. */
static const uint32_t nibble[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

/* a * b modulo the polynomial; bit 31 is x^0. */
static uint32_t product(uint32_t a, uint32_t b) {
    uint32_t sum = 0;
    for (; a != 0; a <<= 1) {
        sum ^= (a >> 31) != 0 ? b : 0;
        b = (b >> 1) ^ ((b & 1u) != 0 ? 0xedb88320u : 0);
    }
    return sum;
}

uint32_t edge_crc32_shifted(uint32_t state, uint32_t bytes) {
    uint32_t power = 0x00800000; /* x^8, squared again and again */
    for (; bytes > 0; bytes >>= 1) {
        if ((bytes & 1u) != 0) {
            state = product(power, state);
        }
        power = product(power, power);
    }
    return state;
}

uint32_t edge_crc32(uint32_t crc, const void *data, size_t length) {
    const uint8_t *byte = data;
    crc = ~crc;
    for (size_t i = 0; i < length; i++) {
        crc ^= byte[i];
        crc = (crc >> 4) ^ nibble[crc & 15u];
        crc = (crc >> 4) ^ nibble[crc & 15u];
    }
    return ~crc;
}
