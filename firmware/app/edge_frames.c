/* SPDX-License-Identifier: Apache-2.0 */
/* COBS: Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking 7(2), 1999. */
#include "edge_frames.h"

#include "edge_crc32.h"
#include "edge_port.h"
#include "edge_wire.h"

static void restart(edge_frame_rx *rx) {
    rx->length = 0;
    rx->block = 0;
    rx->zero = false;
    rx->bad = false;
}

void edge_frame_begin(edge_frame_rx *rx, uint8_t *buffer, uint16_t size) {
    rx->buffer = buffer;
    rx->size = size;
    restart(rx);
    rx->bad = true;
}

static void append(edge_frame_rx *rx, uint8_t byte) {
    if (rx->length == rx->size) {
        rx->bad = true;
    } else {
        rx->buffer[rx->length++] = byte;
    }
}

static bool whole(const edge_frame_rx *rx) {
    const uint16_t overhead = EDGE_FRAME_HEADER_BYTES + EDGE_FRAME_CRC_BYTES;
    if (rx->bad || rx->block != 0 || rx->length < overhead || edge_get_u16(rx->buffer + 2) != rx->length - overhead) {
        return false;
    }
    const uint16_t covered = (uint16_t)(rx->length - EDGE_FRAME_CRC_BYTES);
    return edge_crc32(0, rx->buffer, covered) == edge_get_u32(rx->buffer + covered);
}

bool edge_frame_feed(edge_frame_rx *rx, uint8_t byte) {
    if (byte == 0) {
        const bool done = whole(rx);
        restart(rx);
        return done;
    }
    if (rx->bad) {
        return false;
    }
    if (rx->block > 0) {
        rx->block--;
        append(rx, byte);
        return false;
    }
    if (rx->zero) {
        append(rx, 0);
    }
    rx->block = (uint8_t)(byte - 1u);
    rx->zero = byte != 0xff;
    return false;
}

void edge_frame_send(uint8_t *buffer, uint8_t type, uint8_t seq, uint16_t length) {
    edge_put_u16(edge_put_u8(edge_put_u8(buffer, type), seq), length);
    const uint32_t covered = (uint32_t)EDGE_FRAME_HEADER_BYTES + length;
    edge_put_u32(buffer + covered, edge_crc32(0, buffer, covered));
    const uint32_t total = covered + EDGE_FRAME_CRC_BYTES;

    edge_port_putc(0);
    uint32_t at = 0;
    for (;;) {
        uint32_t run = 0;
        while (run < 254 && at + run < total && buffer[at + run] != 0) {
            run++;
        }
        edge_port_putc((uint8_t)(run + 1));
        for (uint32_t i = 0; i < run; i++) {
            edge_port_putc(buffer[at + i]);
        }
        at += run;
        if (at == total) {
            break;
        }
        if (run < 254) {
            at++; /* the zero that the block's end stands for */
        }
    }
    edge_port_putc(0);
}
