/* SPDX-License-Identifier: Apache-2.0 */
/* Frames on the wire (docs/protocol.md): 0x00 COBS(type u8, seq u8, length u16, payload, crc32 u32) 0x00, little
 * endian. The numbers are those of sdk/edgesdk/link/frames.py; a test compares the two. */
#ifndef EDGE_FRAMES_H
#define EDGE_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

enum {
    EDGE_PROTOCOL_VERSION = 2,
    EDGE_PAYLOAD_MIN = 64,
    EDGE_FRAME_HEADER_BYTES = 4,
    EDGE_FRAME_CRC_BYTES = 4,
    EDGE_FRAME_ANSWER = 0x80, /* the answer to request type t has type t | EDGE_FRAME_ANSWER */
};

typedef enum edge_frame_type {
    EDGE_FRAME_HELLO = 0x01,
    EDGE_FRAME_MODEL_INFO = 0x02,
    EDGE_FRAME_IO_INFO = 0x03,
    EDGE_FRAME_SELECT = 0x04,
    EDGE_FRAME_WRITE_INPUT = 0x05,
    EDGE_FRAME_DEFAULT_INPUT = 0x06,
    EDGE_FRAME_RUN = 0x07,
    EDGE_FRAME_READ_OUTPUT = 0x08,
    EDGE_FRAME_PROFILE = 0x09,
    EDGE_FRAME_READ_PROFILE = 0x0a,
    EDGE_FRAME_CALIBRATE = 0x0b,
    EDGE_FRAME_TRACE = 0x0c,
    EDGE_FRAME_DUMP = 0x0d,
    EDGE_FRAME_MEMORY = 0x0e,
    EDGE_FRAME_PAINT = 0x0f,
    EDGE_FRAME_RESET = 0x10,
    EDGE_FRAME_TEXT = 0x11,
    EDGE_FRAME_PUSH_ROW = 0x12,
    /* from the device alone */
    EDGE_FRAME_DATA = 0x40,
    EDGE_FRAME_ACCEPTED = 0x41,
    EDGE_FRAME_FAULT = 0x42,
    EDGE_FRAME_ERROR = 0x43,
    EDGE_FRAME_WANTED = 0x44,
} edge_frame_type;

typedef enum edge_error_code {
    EDGE_ERROR_TYPE = 1,   /* no such request */
    EDGE_ERROR_LENGTH = 2, /* the payload has the wrong length */
    EDGE_ERROR_MODEL = 3,  /* no such model, or its context is too small */
    EDGE_ERROR_RANGE = 4,  /* index, offset or length past the end */
    EDGE_ERROR_DTYPE = 5,  /* the default input is defined for int8 and uint8 only */
    EDGE_ERROR_ROW = 6,    /* no row is wanted, or another one */
} edge_error_code;

typedef enum edge_counter {
    EDGE_COUNTER_TICKS = 0,
    EDGE_COUNTER_CYCLES = 1,
} edge_counter;

/* A receiver. `buffer` is the caller's and holds type, seq, length, payload and CRC of the frame that arrives. */
typedef struct edge_frame_rx {
    uint8_t *buffer;
    uint16_t size;   /* of buffer */
    uint16_t length; /* bytes decoded so far */
    uint8_t block;   /* bytes left in the COBS block */
    bool zero;       /* a zero stands between this block and the next */
    bool bad;        /* longer than the buffer: dropped at its end */
} edge_frame_rx;

/* Starts before a delimiter: bytes up to the next 0x00 belong to nothing. */
void edge_frame_begin(edge_frame_rx *rx, uint8_t *buffer, uint16_t size);

/* Takes one byte. True when it ends a whole frame with a right CRC; frames that are cut, too long or corrupted are
 * dropped without a word, and the next 0x00 starts afresh. The buffer is the caller's until the next call. */
bool edge_frame_feed(edge_frame_rx *rx, uint8_t byte);

/* Sends the frame whose payload of `length` bytes lies at buffer + EDGE_FRAME_HEADER_BYTES, with room for the CRC
 * behind it. Fills in header and CRC. */
void edge_frame_send(uint8_t *buffer, uint8_t type, uint8_t seq, uint16_t length);

#endif
