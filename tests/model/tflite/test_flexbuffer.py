# SPDX-License-Identifier: Apache-2.0
"""FlexBuffer maps: what the flatbuffers package writes comes back, and hostile bytes end in one EdgeError."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from flatbuffers import flexbuffers
from hypothesis import given
from hypothesis import strategies as st

from edgesdk.errors import MODEL_MALFORMED, OP_OPTIONS, EdgeError
from edgesdk.model.tflite.flexbuffer import MAX_ENTRIES, Scalar, read_map, write_map

KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=8)
SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(-1e30, 1e30)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
)


@given(st.dictionaries(KEYS, SCALARS, max_size=6))
def test_maps_come_back(entries: dict[str, Scalar]) -> None:
    found = read_map(write_map(entries))
    assert found == entries
    assert [type(found[key]) for key in entries] == [type(value) for value in entries.values()]


def test_integers_kept_elsewhere() -> None:
    builder = flexbuffers.Builder()
    with builder.Map():
        builder.IndirectInt("a", -70000)
        builder.IndirectUInt("b", 3)
        builder.IndirectFloat("c", 0.5)
    assert read_map(bytes(builder.Finish())) == {"a": -70000, "b": 3, "c": 0.5}


@pytest.mark.parametrize("value", [None, [1, 2], {"x": 1}, b"blob", ["a", 2]])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(EdgeError, match="'pool' is neither a number nor a string") as caught:
        read_map(bytes(flexbuffers.Dumps({"pool": value})))
    assert caught.value.kind is OP_OPTIONS


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\x24\x01", bytes(flexbuffers.Dumps(3)), bytes(flexbuffers.Dumps([1, 2])), b"\0" * 64]
)
def test_no_map(data: bytes) -> None:
    with pytest.raises(EdgeError) as caught:
        read_map(data)
    assert caught.value.kind is MODEL_MALFORMED


def test_a_key_that_comes_twice() -> None:
    data = write_map({"aa": 1, "ab": 2})
    with pytest.raises(EdgeError, match="FlexBuffer") as caught:
        read_map(data.replace(b"ab\0", b"aa\0"))
    assert caught.value.kind is MODEL_MALFORMED


def test_many_entries() -> None:
    with pytest.raises(EdgeError, match="FlexBuffer"):
        read_map(write_map({f"k{i}": i for i in range(65)}))


@given(st.data())
def test_damaged_bytes_never_crash(data: st.DataObject) -> None:
    sound = write_map({"pool": "average", "group": 70000, "x": 0.5, "y": True})
    damaged = bytearray(sound[data.draw(st.integers(0, 8)) :])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(EdgeError):
        assert len(read_map(bytes(damaged))) <= MAX_ENTRIES
