# SPDX-License-Identifier: Apache-2.0
"""The flatbuffer view reads what the builder writes and refuses everything that leads outside the buffer."""

from __future__ import annotations

import struct
from typing import Any

import flatbuffers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import MODEL_MALFORMED, EdgeError
from edgesdk.model.tflite.flatbuffer import Table, root_table, write_int32_vector, write_table

FIELDS: list[tuple[str, Any]] = [
    ("int8", st.integers(-128, 127)),
    ("uint8", st.integers(0, 255)),
    ("int32", st.integers(-(2**31), 2**31 - 1)),
    ("uint32", st.integers(0, 2**32 - 1)),
    ("int64", st.integers(-(2**63), 2**63 - 1)),
    ("uint64", st.integers(0, 2**64 - 1)),
    ("float32", st.floats(width=32, allow_nan=False)),
    ("bool", st.booleans()),
]


def finish(builder: flatbuffers.Builder, root: int) -> bytes:
    builder.Finish(root, file_identifier=b"TEST")
    return bytes(builder.Output())


def sample() -> bytes:
    """A root of an int32 (0), a string (1), a vector (2), a table (3) with a bool (5), and two tables (4)."""
    builder = flatbuffers.Builder(0)
    name, vector = builder.CreateString("name"), write_int32_vector(builder, (1, -2, 3))
    child = write_table(builder, [(5, "bool", True, False)])
    builder.StartVector(4, 2, 4)
    builder.PrependUOffsetTRelative(child)
    builder.PrependUOffsetTRelative(child)
    fields = [(0, "int32", 7, 0), (1, "offset", name, 0), (2, "offset", vector, 0), (3, "offset", child, 0)]
    return finish(builder, write_table(builder, [*fields, (4, "offset", builder.EndVector(), 0)]))


def read_everything(data: bytes) -> None:
    """Reads each field as each kind, tables two levels deep."""
    pending = [(root_table(data, b"TEST"), 0)]
    while pending:
        table, depth = pending.pop()
        for slot in range(8):
            for kind in ("int8", "uint8", "int32", "uint32", "int64", "uint64", "float32", "bool", "string"):
                _try(lambda t=table, k=kind, s=slot: getattr(t, k)(s))
            for kind in ("int32", "int64", "float32"):
                _try(lambda t=table, k=kind, s=slot: getattr(t, f"vector_{k}")(s))
            if depth < 2:
                child = _try(lambda t=table, s=slot: t.table(s))
                children = _try(lambda t=table, s=slot: t.vector_tables(s)) or ()
                pending += [(c, depth + 1) for c in (child, *children[:4]) if c is not None]


def _try(read: Any) -> Any:
    try:
        return read()
    except EdgeError as error:
        if error.kind is not MODEL_MALFORMED:
            raise
        return None


@given(st.data())
def test_numbers_come_back(data: st.DataObject) -> None:
    values = [(kind, data.draw(strategy)) for kind, strategy in FIELDS]
    builder = flatbuffers.Builder(0)
    root = write_table(builder, [(slot, kind, value, 0) for slot, (kind, value) in enumerate(values)])
    table = root_table(finish(builder, root), b"TEST")
    for slot, (kind, value) in enumerate(values):
        assert getattr(table, kind)(slot) == value


def test_vectors_strings_and_tables_come_back() -> None:
    table = root_table(sample(), b"TEST")
    assert table.int32(0) == 7
    assert table.string(1) == b"name"
    assert table.vector_int32(2) == (1, -2, 3)
    child, children = table.table(3), table.vector_tables(4)
    assert child is not None
    assert child.bool(5)
    assert children is not None
    assert [c.bool(5) for c in children] == [True, True]


def test_absent_fields_are_defaults() -> None:
    table = root_table(sample(), b"TEST")
    assert table.int32(99, 5) == 5
    assert table.float32(6, 0.5) == 0.5
    assert table.string(99) is None
    assert table.table(99) is None
    assert table.vector_int32(99) is None
    assert table.vector_tables(99) is None
    assert not table.has(99)


@pytest.mark.parametrize("data", [b"", b"\0\0\0\0TES", b"\x08\0\0\0NOPE" + bytes(32)])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(EdgeError) as caught:
        root_table(data, b"TEST")
    assert caught.value.kind is MODEL_MALFORMED


def test_every_truncation_is_refused_or_read() -> None:
    data = sample()
    for size in range(len(data)):
        _try(lambda size=size: read_everything(data[:size]))


@settings(max_examples=500, deadline=None)
@given(st.integers(0, len(sample()) // 4 - 1), st.integers(0, 2**32 - 1))
def test_any_word_may_be_wild(word: int, value: int) -> None:
    data = bytearray(sample())
    struct.pack_into("<I", data, word * 4, value)
    _try(lambda: read_everything(bytes(data)))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(sample()) // 4 - 1), st.integers(-256, 256))
def test_offsets_may_lead_anywhere_near(word: int, distance: int) -> None:
    data = bytearray(sample())
    struct.pack_into("<I", data, word * 4, distance & 0xFFFFFFFF)
    _try(lambda: read_everything(bytes(data)))


@given(st.binary(max_size=200))
def test_arbitrary_bytes(tail: bytes) -> None:
    _try(lambda: read_everything(b"\x08\0\0\0TEST" + tail))


def test_a_vector_shared_by_many_tables_is_refused() -> None:
    """Thousands of tables that point at one vector unpack to more than the file could hold."""
    builder = flatbuffers.Builder(0)
    vector = write_int32_vector(builder, range(20000))
    children = [write_table(builder, [(0, "offset", vector, 0)]) for _ in range(100)]
    builder.StartVector(4, len(children), 4)
    for child in children:
        builder.PrependUOffsetTRelative(child)
    root = write_table(builder, [(0, "offset", builder.EndVector(), 0)])
    tables = root_table(finish(builder, root), b"TEST").vector_tables(0)
    assert tables is not None
    with pytest.raises(EdgeError, match="flatbuffer"):
        [table.vector_int32(0) for table in tables]


def test_an_endless_vector_is_refused() -> None:
    data = bytearray(sample())
    at = data.index(struct.pack("<Iiii", 3, 1, -2, 3))
    struct.pack_into("<I", data, at, 0xFFFFFFFF)
    with pytest.raises(EdgeError) as caught:
        root_table(bytes(data), b"TEST").vector_int32(2)
    assert "4294967295" in caught.value.why


def test_a_vtable_may_not_lie_outside() -> None:
    data = bytearray(sample())
    root = struct.unpack_from("<I", data)[0]
    for distance in (-(2**31), 2**31 - 1, -len(data), len(data)):
        struct.pack_into("<i", data, root, distance)
        with pytest.raises(EdgeError):
            root_table(bytes(data), b"TEST")


def test_tables_are_read_by_need() -> None:
    """A bad field harms nobody who does not ask for it."""
    data = bytearray(sample())
    at = data.index(b"name") - 4
    struct.pack_into("<I", data, at, 0x7FFFFFFF)
    table: Table = root_table(bytes(data), b"TEST")
    assert table.int32(0) == 7
    with pytest.raises(EdgeError):
        table.string(1)
