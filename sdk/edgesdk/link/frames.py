# SPDX-License-Identifier: Apache-2.0
"""The numbers of the protocol: frame types, error codes, limits.

firmware/app/edge_frames.h holds the same; a test compares the two. docs/protocol.md gives the payloads.
"""

from __future__ import annotations

from enum import IntEnum

PROTOCOL_VERSION = 2
PAYLOAD_MIN = 64  # every device takes payloads of this size; HELLO's answer tells its own limit
HEADER_BYTES = 4  # type u8, seq u8, payload length u16
CRC_BYTES = 4
ANSWER = 0x80  # the answer to request type t has type t | ANSWER
REGIONS = 4  # RAM regions of a model


class Frame(IntEnum):
    """Type byte of a frame. Requests are below 0x40; each is answered once, by type | ANSWER, ERROR or WANTED."""

    HELLO = 0x01
    MODEL_INFO = 0x02
    IO_INFO = 0x03
    SELECT = 0x04
    WRITE_INPUT = 0x05
    DEFAULT_INPUT = 0x06
    RUN = 0x07
    READ_OUTPUT = 0x08
    PROFILE = 0x09
    READ_PROFILE = 0x0A
    CALIBRATE = 0x0B
    TRACE = 0x0C
    DUMP = 0x0D
    MEMORY = 0x0E
    PAINT = 0x0F
    RESET = 0x10
    TEXT = 0x11
    PUSH_ROW = 0x12
    # from the device alone
    DATA = 0x40
    ACCEPTED = 0x41
    FAULT = 0x42
    ERROR = 0x43
    WANTED = 0x44


class ErrorCode(IntEnum):
    """First field of an ERROR frame."""

    TYPE = 1  # no such request
    LENGTH = 2  # the payload has the wrong length
    MODEL = 3  # no such model, or its context is too small
    RANGE = 4  # index, offset or length past the end
    DTYPE = 5  # the default input is defined for int8 and uint8 only
    ROW = 6  # no row is wanted, or another one


class Counter(IntEnum):
    """What PROFILE and CALIBRATE count."""

    TICKS = 0
    CYCLES = 1
