# SPDX-License-Identifier: Apache-2.0
"""Bounds-checked reading of a FlexBuffer that holds one flat map, and its writing: the options of custom operators.

Source: the FlexBuffers binary format (flatbuffers.dev, "FlexBuffer internals"). A value lies before what points at it,
so no chain of offsets is endless, and no position outside the buffer is read.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from flatbuffers import flexbuffers

from edgesdk.errors import MODEL_MALFORMED, OP_OPTIONS, EdgeError
from edgesdk.text import printable

Scalar = bool | int | float | str

MAX_ENTRIES = 64
_INTEGERS = {1: "<b", 2: "<h", 4: "<i", 8: "<q"}
_NATURALS = {1: "<B", 2: "<H", 4: "<I", 8: "<Q"}
_FLOATS = {4: "<f", 8: "<d"}
_INT, _UINT, _FLOAT, _STRING, _INDIRECT_INT, _INDIRECT_UINT, _INDIRECT_FLOAT, _MAP, _BOOL = 1, 2, 3, 5, 6, 7, 8, 9, 26
_INDIRECT = {_INDIRECT_INT: _INT, _INDIRECT_UINT: _UINT, _INDIRECT_FLOAT: _FLOAT}
_FORMATS = {_INT: _INTEGERS, _UINT: _NATURALS, _FLOAT: _FLOATS, _BOOL: _NATURALS}


def read_map(data: bytes) -> dict[str, Scalar]:
    """The entries of a FlexBuffer's map, in the file's order.

    Raises:
        EdgeError: MODEL_MALFORMED where the bytes are not a FlexBuffer that holds a map, or a key comes twice;
            OP_OPTIONS where an entry is neither a number nor a string.
    """
    if len(data) < 3:
        raise _malformed(f"they have {len(data)} bytes")
    packed, root_width = data[-2], data[-1]
    root = len(data) - 2 - root_width
    if packed >> 2 != _MAP or root_width not in _NATURALS:
        raise _malformed("they hold no map")
    width = 1 << (packed & 3)
    values = _follow(data, root, root_width)
    count = _number(data, values - width, _NATURALS, width)
    if count > MAX_ENTRIES:
        raise _malformed(f"they have {count} entries")
    keys = _follow(data, values - 3 * width, width)
    key_width = _number(data, values - 2 * width, _NATURALS, width)
    if key_width not in _NATURALS:
        raise _malformed(f"their keys are {key_width} bytes apart")
    found: dict[str, Scalar] = {}
    for i in range(count):
        key = _key(data, _follow(data, keys + i * key_width, key_width))
        if key in found:
            raise _malformed(f"'{printable(key)}' comes twice")
        kind = _number(data, values + count * width + i, _NATURALS, 1)
        found[key] = _value(data, values + i * width, width, kind, key)
    return found


def write_map(entries: Mapping[str, Scalar]) -> bytes:
    """A FlexBuffer of one map."""
    return bytes(flexbuffers.Dumps(dict(entries)))


def _value(data: bytes, position: int, width: int, packed: int, key: str) -> Scalar:
    kind, own = packed >> 2, 1 << (packed & 3)
    if kind == _STRING:
        start = _follow(data, position, width)
        return _text(data, start, _number(data, start - own, _NATURALS, own))
    if kind in _INDIRECT:
        position, width, kind = _follow(data, position, width), own, _INDIRECT[kind]
    if kind not in _FORMATS:
        raise EdgeError(OP_OPTIONS, f"option '{printable(key)}' is neither a number nor a string")
    if width not in _FORMATS[kind]:
        raise _malformed(f"'{printable(key)}' is a float of {width} bytes")
    number = _number(data, position, _FORMATS[kind], width)
    return bool(number) if kind == _BOOL else number


def _key(data: bytes, position: int) -> str:
    return _text(data, position, data.find(b"\0", position) - position)


def _text(data: bytes, start: int, size: int) -> str:
    if size < 0 or start + size > len(data):
        raise _malformed(f"a string at byte {start} does not end")
    return data[start : start + size].decode("utf-8", errors="backslashreplace")


def _follow(data: bytes, position: int, width: int) -> int:
    return position - int(_number(data, position, _NATURALS, width))


def _number(data: bytes, position: int, formats: Mapping[int, str], width: int) -> int:
    if position < 0 or position + width > len(data):
        raise _malformed(f"they point at byte {position} of {len(data)}")
    number: int = struct.unpack_from(formats[width], data, position)[0]
    return number


def _malformed(why: str) -> EdgeError:
    return EdgeError(MODEL_MALFORMED, "the operator's custom options are not a valid FlexBuffer", why=why)
