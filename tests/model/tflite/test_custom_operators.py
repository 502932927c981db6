# SPDX-License-Identifier: Apache-2.0
"""Custom operators in a .tflite file: read back as written, and refused with the right error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import numpy as np
import pytest
from flatbuffers import flexbuffers

from edgesdk.errors import MODEL_INVALID, MODEL_MALFORMED, MODEL_TYPE, OP_OPTIONS, EdgeError, ErrorKind
from edgesdk.model.graph import Graph
from edgesdk.model.tflite import writer
from edgesdk.model.tflite.cross_channel_pool import CrossChannelPoolOptions
from edgesdk.model.tflite.flatbuffer import Table, root_table
from edgesdk.model.tflite.flexbuffer import write_map
from edgesdk.model.tflite.reader import parse_model
from edgesdk.model.tflite.registry import codecs, custom_codecs
from edgesdk.ops.check import check_graph
from memory_nodes import random_memory
from ordinal_nodes import random_ordinal_pool
from single_node import single_node_graph, tensor

from .graphs import assert_same_graph

OP = "edgesdk.CrossChannelPool"


def pool(kind: str = "max", group: int = 3) -> Graph:
    options = CrossChannelPoolOptions(kind, group)
    return single_node_graph(OP, [tensor((1, 2, 2, 6))], [tensor((1, 2, 2, 2))], options)


def with_options(monkeypatch: pytest.MonkeyPatch, options: bytes) -> bytes:
    """The file of a pool whose custom options are these bytes."""
    monkeypatch.setattr(writer, "write_map", lambda entries: options)
    return writer.write_model(pool())


@pytest.mark.parametrize("kind", ["max", "average"])
def test_options_come_back(kind: str) -> None:
    graph = pool(kind)
    assert_same_graph(parse_model(writer.write_model(graph), ""), graph)


@pytest.mark.parametrize("make", [random_ordinal_pool, random_memory])
def test_options_of_others_come_back(make: Callable[[np.random.Generator], Graph]) -> None:
    for seed in range(10):
        graph = make(np.random.default_rng(seed))
        assert_same_graph(parse_model(writer.write_model(graph), ""), graph)


def test_the_file_is_what_the_schema_says() -> None:
    root = root_table(writer.write_model(pool()), b"TFL3")
    (code,) = root.vector_tables(1) or ()
    assert (code.int8(0), code.string(1), code.int32(3)) == (32, OP.encode(), 32)
    (operator,) = _subgraph(root).vector_tables(3) or ()
    assert flexbuffers.Loads(operator.string(5)) == {"pool": "max", "group": 3}
    assert not operator.has(3)
    assert not operator.has(4)
    assert operator.int8(6) == 0


def _subgraph(root: Table) -> Table:
    (subgraph,) = root.vector_tables(2) or ()
    return subgraph


@pytest.mark.parametrize(
    ("entries", "kind", "what"),
    [
        ({"pool": "max"}, MODEL_MALFORMED, "option 'group' is missing"),
        ({"group": 2}, MODEL_MALFORMED, "option 'pool' is missing"),
        ({"pool": "max", "group": 2, "axis": 3}, OP_OPTIONS, "option 'axis' is unknown"),
        ({"pool": "median", "group": 2}, OP_OPTIONS, "option 'pool' is 'median', not max or average"),
        ({"pool": 1, "group": 2}, MODEL_INVALID, "option 'pool' is 1, not a string"),
        ({"pool": "max", "group": 0}, MODEL_INVALID, "option 'group' is 0, not an integer of 1 or more"),
        ({"pool": "max", "group": -2}, MODEL_INVALID, "option 'group' is -2, not an integer of 1 or more"),
        ({"pool": "max", "group": 2.0}, MODEL_INVALID, "option 'group' is 2.0, not an integer of 1 or more"),
        ({"pool": "max", "group": True}, MODEL_INVALID, "option 'group' is True, not an integer of 1 or more"),
        ({"pool": "max", "group": "\x1b"}, MODEL_INVALID, "option 'group' is '\\x1b', not an integer of 1 or more"),
        ({"pool": "max", "group": [2]}, OP_OPTIONS, "option 'group' is neither a number nor a string"),
    ],
)
def test_wrong_options(monkeypatch: pytest.MonkeyPatch, entries: Mapping[str, Any], kind: ErrorKind, what: str) -> None:
    data = with_options(monkeypatch, bytes(flexbuffers.Dumps(entries)))
    with pytest.raises(EdgeError) as caught:
        parse_model(data, "")
    assert (caught.value.kind, caught.value.what) == (kind, what)
    assert caught.value.where == f"layer 0 ({OP}), tensor 't1'"


def test_options_that_are_no_flexbuffer(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EdgeError, match="not a valid FlexBuffer") as caught:
        parse_model(with_options(monkeypatch, b"\xff" * 9), "")
    assert caught.value.kind is MODEL_MALFORMED


def test_names_do_not_collide() -> None:
    assert not set(codecs()) & set(custom_codecs())
    assert all(op.startswith("edgesdk.") for op in custom_codecs())


@pytest.mark.parametrize("op", ["edgesdk.CrossChannelPool", "edgesdk.OrdinalPool", "edgesdk.ProductKeyMemory"])
def test_mutated_options_are_read_or_refused(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(op)
    makers = {"edgesdk.OrdinalPool": random_ordinal_pool, "edgesdk.ProductKeyMemory": random_memory}
    graph = makers[op](np.random.default_rng(3)) if op in makers else pool()
    sound = write_map(custom_codecs()[op].write(graph.nodes[-1].options))
    kinds, read = set(), 0
    for _ in range(200):
        mutated = _mutated(sound, random)
        monkeypatch.setattr(writer, "write_map", lambda entries, made=mutated: made)
        data = writer.write_model(graph)
        try:
            check_graph(parse_model(data, "mutated"))
            read += 1
        except EdgeError as error:
            kinds.add(error.kind)
    assert kinds <= {MODEL_MALFORMED, MODEL_INVALID, MODEL_TYPE, OP_OPTIONS}
    assert MODEL_MALFORMED in kinds
    assert read < 100


def _mutated(data: bytes, random: Random) -> bytes:
    """Some bytes changed, taken away or put in."""
    made = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(made)) if made else 0
        match random.randrange(4):
            case 0:
                made[place:place] = random.randbytes(random.randint(1, 9))
            case 1:
                del made[place : place + random.randint(1, 9)]
            case 2:
                made[place : place + 1] = bytes([random.choice((0, 1, 0x7F, 0x80, 0xFF))])
            case _:
                made[place : place + 1] = random.randbytes(1)
    return bytes(made)
