# SPDX-License-Identifier: Apache-2.0
"""Bounds-checked reading of flatbuffer tables, and their writing by field slot.

Source: the FlatBuffers binary format (flatbuffers.dev, "FlatBuffer Internals"). Nothing is followed before it
is asked for, and every position is checked against the buffer, so a cyclic or truncated file ends in one
EdgeError.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import flatbuffers

from edgesdk.errors import MODEL_MALFORMED, EdgeError

MAX_NUMBERS = 1 << 20  # elements of one vector of numbers
MAX_TABLES = 1 << 16  # elements of one vector of tables


class _Bytes:
    """The file, and how many bytes of vectors may still be unpacked from it.

    Each vector of a sound file has one owner. Without the allowance a small file in which thousands of tables
    share one long vector would unpack to gigabytes.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.allowance = 2 * len(data) + (1 << 16)

    def unpack(self, form: str, position: int) -> Any:
        size = struct.calcsize(form)
        if position < 0 or position + size > len(self.data):
            raise _malformed(f"it points at byte {position} of {len(self.data)}")
        return struct.unpack_from(form, self.data, position)[0]

    def vector(self, position: int, size: int) -> tuple[int, int]:
        """(first byte, elements) of the vector of `size`-byte elements at this position."""
        count = int(self.unpack("<I", position))
        first = position + 4
        if first + count * size > len(self.data):
            raise _malformed(f"a vector of {count} elements at byte {position} passes the end of the file")
        self.allowance -= count * size
        if self.allowance < 0:
            raise _malformed("its tables share vectors")
        return first, count


class Table:
    """One flatbuffer table; fields are read by slot number, 0-based in the schema's order.

    Every accessor returns the default (None for what is not a number) where the field is absent and raises
    EdgeError(MODEL_MALFORMED) where the bytes are not what a flatbuffer may hold.
    """

    def __init__(self, source: _Bytes, position: int) -> None:
        self._source = source
        self._position = position
        vtable = position - source.unpack("<i", position)
        size = source.unpack("<H", vtable)
        self._object_size: int = source.unpack("<H", vtable + 2)
        if size < 4 or size % 2 or vtable + size > len(source.data):
            raise _malformed(f"the table at byte {position} has no valid vtable")
        if self._object_size < 4 or position + self._object_size > len(source.data):
            raise _malformed(f"the table at byte {position} passes the end of the file")
        self._offsets: tuple[int, ...] = struct.unpack_from(f"<{size // 2 - 2}H", source.data, vtable + 4)

    def has(self, slot: int) -> bool:
        return slot < len(self._offsets) and self._offsets[slot] != 0

    def int8(self, slot: int, default: int = 0) -> int:
        return int(self._number(slot, "<b", default))

    def uint8(self, slot: int, default: int = 0) -> int:
        return int(self._number(slot, "<B", default))

    def int32(self, slot: int, default: int = 0) -> int:
        return int(self._number(slot, "<i", default))

    def uint32(self, slot: int, default: int = 0) -> int:
        return int(self._number(slot, "<I", default))

    def int64(self, slot: int, default: int = 0) -> int:
        return int(self._number(slot, "<q", default))

    def uint64(self, slot: int, default: int = 0) -> int:
        return int(self._number(slot, "<Q", default))

    def float32(self, slot: int, default: float = 0.0) -> float:
        return float(self._number(slot, "<f", default))

    def bool(self, slot: int, default: bool = False) -> bool:
        return bool(self._number(slot, "<B", default))

    def string(self, slot: int) -> bytes | None:
        """A string or a vector of bytes."""
        found = self._vector(slot, 1)
        return None if found is None else self._source.data[found[0] : found[0] + found[1]]

    def table(self, slot: int) -> Table | None:
        position = self._target(slot)
        return None if position is None else Table(self._source, position)

    def vector_int32(self, slot: int) -> tuple[int, ...] | None:
        return self._numbers(slot, "i", 4)

    def vector_int64(self, slot: int) -> tuple[int, ...] | None:
        return self._numbers(slot, "q", 8)

    def vector_float32(self, slot: int) -> tuple[float, ...] | None:
        return self._numbers(slot, "f", 4)

    def vector_tables(self, slot: int) -> tuple[Table, ...] | None:
        found = self._vector(slot, 4)
        if found is None:
            return None
        first, count = found
        if count > MAX_TABLES:
            raise _malformed(f"a vector of {count} tables")
        return tuple(Table(self._source, self._follow(first + 4 * i)) for i in range(count))

    def _field(self, slot: int, size: int) -> int | None:
        """The position of a field of `size` bytes."""
        if not self.has(slot):
            return None
        offset = self._offsets[slot]
        if offset < 4 or offset + size > self._object_size:
            raise _malformed(f"field {slot} of the table at byte {self._position} lies outside the table")
        return self._position + offset

    def _number(self, slot: int, form: str, default: Any) -> Any:
        position = self._field(slot, struct.calcsize(form))
        return default if position is None else self._source.unpack(form, position)

    def _follow(self, position: int) -> int:
        # Offsets are unsigned: what they point at always lies behind them, so no chain of them is endless.
        offset = int(self._source.unpack("<I", position))
        if offset == 0:
            raise _malformed(f"the offset at byte {position} points at itself")
        return position + offset

    def _target(self, slot: int) -> int | None:
        position = self._field(slot, 4)
        return None if position is None else self._follow(position)

    def _vector(self, slot: int, size: int) -> tuple[int, int] | None:
        position = self._target(slot)
        return None if position is None else self._source.vector(position, size)

    def _numbers(self, slot: int, letter: str, size: int) -> tuple[Any, ...] | None:
        found = self._vector(slot, size)
        if found is None:
            return None
        first, count = found
        if count > MAX_NUMBERS:
            raise _malformed(f"a vector of {count} numbers")
        return struct.unpack_from(f"<{count}{letter}", self._source.data, first)


def root_table(data: bytes, identifier: bytes) -> Table:
    """The root table of a flatbuffer file.

    Raises:
        EdgeError: MODEL_MALFORMED where the file is too short, has another identifier or no valid root.
    """
    if len(data) < 8:
        raise _malformed(f"it has {len(data)} bytes")
    if data[4:8] != identifier:
        raise _malformed(f"its identifier is {data[4:8]!r}, not {identifier!r}")
    source = _Bytes(data)
    return Table(source, int(source.unpack("<I", 0)))


def write_table(builder: flatbuffers.Builder, fields: Sequence[tuple[int, str, Any, Any]]) -> int:
    """Write one table and return its offset.

    Args:
        builder: not inside another table; offsets among the fields are of finished objects.
        fields: (slot, kind, value, default); kind is int8, uint8, int32, uint32, int64, uint64, float32, bool
            or offset. A field that equals its default is left out, as flatbuffers do.
    """
    writers = {
        "int8": builder.PrependInt8Slot,
        "uint8": builder.PrependUint8Slot,
        "int32": builder.PrependInt32Slot,
        "uint32": builder.PrependUint32Slot,
        "int64": builder.PrependInt64Slot,
        "uint64": builder.PrependUint64Slot,
        "float32": builder.PrependFloat32Slot,
        "bool": builder.PrependBoolSlot,
        "offset": builder.PrependUOffsetTRelativeSlot,
    }
    builder.StartObject(max((slot for slot, *_ in fields), default=-1) + 1)
    for slot, kind, value, default in fields:
        writers[kind](slot, value, default)
    return int(builder.EndObject())


def write_int32_vector(builder: flatbuffers.Builder, values: Sequence[int]) -> int:
    """Write a vector of int32 and return its offset."""
    builder.StartVector(4, len(values), 4)
    for value in reversed(values):
        builder.PrependInt32(value)
    return int(builder.EndVector())


def _malformed(why: str) -> EdgeError:
    return EdgeError(MODEL_MALFORMED, "the file is not a valid .tflite flatbuffer", why=why)
