/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_text.h"

#include <string.h>

#include "edge_port.h"

void edge_text(const char *text) {
    while (*text != '\0') {
        edge_port_putc((uint8_t)*text++);
    }
}

/* Divides the value by less than 2^31, and returns the remainder. libgcc's 64-bit division is larger than all of this.
 */
static uint32_t divide(uint64_t *value, uint32_t by) {
    uint32_t rest = 0;
    for (unsigned bits = 64; bits > 0; bits--) {
        rest = rest << 1 | (uint32_t)(*value >> 63);
        *value <<= 1;
        if (rest >= by) {
            rest -= by;
            *value |= 1;
        }
    }
    return rest;
}

void edge_text_u64(uint64_t value) {
    char digits[21];
    unsigned at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + divide(&value, 10));
    } while (value != 0);
    edge_text(digits + at);
}

void edge_text_hex(uint32_t value, unsigned digits) {
    while (digits-- > 0) {
        edge_port_putc((uint8_t)"0123456789abcdef"[(value >> (4 * digits)) & 15u]);
    }
}

void edge_text_milli(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t exponent = (bits >> 23) & 0xff;
    const uint32_t fraction = bits & 0x7fffff;
    if ((bits >> 31) != 0) {
        edge_port_putc('-');
    }
    if (exponent == 0xff) {
        edge_text(fraction != 0 ? "nan" : "inf");
        return;
    }
    /* |value| = mantissa * 2^shift */
    const uint32_t mantissa = exponent != 0 ? fraction | 0x800000 : fraction;
    const int shift = (int)(exponent != 0 ? exponent : 1) - 150;
    uint64_t milli = (uint64_t)mantissa * 1000; /* below 2^34 */
    if (shift >= 0) {
        milli <<= shift > 29 ? 29 : shift;
    } else if (shift <= -63) {
        milli = 0;
    } else {
        const uint64_t below = milli & ((1ull << -shift) - 1);
        const uint64_t half = 1ull << (-shift - 1);
        milli >>= -shift;
        if (below > half || (below == half && (milli & 1) != 0)) {
            milli++;
        }
    }
    const uint32_t rest = divide(&milli, 1000);
    edge_text_u64(milli);
    edge_port_putc('.');
    edge_port_putc((uint8_t)('0' + rest / 100));
    edge_port_putc((uint8_t)('0' + rest / 10 % 10));
    edge_port_putc((uint8_t)('0' + rest % 10));
}

void edge_text_timestamp(void) {
    uint64_t seconds = edge_port_ticks();
    const uint32_t hz = edge_port_ticks_hz();
    uint64_t rest = (uint64_t)divide(&seconds, hz) * 1000000u;
    (void)divide(&rest, hz);
    edge_text("m-lap-us-");
    edge_text_u64(seconds * 1000000u + rest);
    edge_text("\r\n");
}

void edge_text_error(const char *text) {
    edge_text("e-[");
    edge_text(text);
    edge_text("]\r\n");
}

bool edge_text_equal(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

int32_t edge_text_number(const char *text) {
    const bool negative = *text == '-';
    if (negative || *text == '+') {
        text++;
    }
    int32_t value = 0;
    while (*text >= '0' && *text <= '9') {
        value = value > 99999999 ? 999999999 : value * 10 + (*text - '0');
        text++;
    }
    return negative ? -value : value;
}
