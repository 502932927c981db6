/* SPDX-License-Identifier: Apache-2.0 */
/* Reads float32 bits in hex, one a line, and prints each as edge_text_milli does. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "edge_port.h"
#include "edge_text.h"

void edge_port_putc(uint8_t byte) {
    putchar(byte);
}

uint64_t edge_port_ticks(void) {
    return 0;
}

uint32_t edge_port_ticks_hz(void) {
    return 1;
}

int main(void) {
    uint32_t bits;
    while (scanf("%" SCNx32, &bits) == 1) {
        float value;
        memcpy(&value, &bits, sizeof value);
        edge_text_milli(value);
        putchar('\n');
    }
    return 0;
}
