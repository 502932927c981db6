# SPDX-License-Identifier: Apache-2.0
"""Frames: 0x00 COBS(type u8, seq u8, length u16, payload, crc32 u32) 0x00, little endian.

A frame begins and ends with 0x00, so that a receiver is in step again after the next one, whatever was lost.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from cobs import cobs

from edgesdk.link.frames import CRC_BYTES, HEADER_BYTES

_HEADER = struct.Struct("<BBH")
_CRC = struct.Struct("<I")
_LONGEST = 1 << 17  # encoded; anything longer is no frame
_NOISE = 512  # bytes of non-frames kept for error messages


@dataclass(frozen=True)
class Packet:
    """What a frame carries."""

    type: int
    seq: int
    payload: bytes


def encode(packet: Packet) -> bytes:
    """A packet as it goes over the line."""
    body = _HEADER.pack(packet.type, packet.seq, len(packet.payload)) + packet.payload
    coded: bytes = cobs.encode(body + _CRC.pack(zlib.crc32(body)))
    return b"\0" + coded + b"\0"


def decode(coded: bytes) -> Packet | None:
    """The packet between two delimiters, None where it is cut, corrupted or no frame at all."""
    try:
        raw = cobs.decode(coded)
    except cobs.DecodeError:
        return None
    if len(raw) < HEADER_BYTES + CRC_BYTES:
        return None
    body = raw[:-CRC_BYTES]
    kind, seq, length = _HEADER.unpack_from(body)
    if length != len(body) - HEADER_BYTES or zlib.crc32(body) != _CRC.unpack(raw[-CRC_BYTES:])[0]:
        return None
    return Packet(kind, seq, body[HEADER_BYTES:])


class Receiver:
    """Bytes in, packets out, whatever the pieces.

    Bytes outside frames and broken frames are dropped; `noise` keeps the last of them.
    """

    def __init__(self) -> None:
        self._pending = bytearray()
        self.noise = b""

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that these bytes complete, in order."""
        self._pending += data
        *done, rest = self._pending.split(b"\0")
        if len(rest) > _LONGEST:
            self._drop(bytes(rest))
            rest = bytearray()
        self._pending = bytearray(rest)
        packets = []
        for coded in done:
            packet = decode(bytes(coded)) if coded else None
            if packet is not None:
                packets.append(packet)
            elif coded:
                self._drop(bytes(coded))
        return packets

    def unread(self) -> bytes:
        """The noise so far and what waits for its delimiter."""
        return (self.noise + bytes(self._pending))[-_NOISE:]

    def _drop(self, data: bytes) -> None:
        self.noise = (self.noise + data)[-_NOISE:]
