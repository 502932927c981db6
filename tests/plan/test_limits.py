# SPDX-License-Identifier: Apache-2.0
"""What the firmware's tables hold: plans up to the limit are exact, beyond it they do without tables or are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from edgesdk.emit import emit_model
from edgesdk.errors import PLAN_LIMIT, EdgeError
from edgesdk.model.graph import DType, Graph, Node
from edgesdk.model.plan import Options
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.ops.check import check_graph
from edgesdk.plan import plan_graph
from edgesdk.plan.candidate import TABLE_BYTES
from random_graphs import random_case
from single_node import single_node_graph, tensor
from support import PALETTE, assert_c_equals_reference

STREAMED = Options(input="streamed")


def excited(rows: int, width: int, channels: int = 16) -> Graph:
    """A pooled map that must be whole, since its means are known only then: rows * width * channels bytes."""
    image, means = (1, 2 * rows, width, channels), (1, 1, 1, channels)
    whole = (1, rows, width, channels)
    found = [
        tensor(image, scale=0.5, name="image"),
        tensor(whole, scale=0.5, name="pooled"),
        tensor((2,), scale=None, dtype=DType.INT32, data=np.array([1, 2]), name="axes"),
        tensor(means, scale=0.5, name="means"),
        tensor(whole, scale=0.7, name="products"),
        tensor(means, scale=0.25, name="sums"),
    ]
    nodes = (
        Node("MAX_POOL_2D", (0,), (1,), Pool2DOptions("VALID", 2, 1, 2, 1), (0,)),
        Node("MEAN", (1, 2), (3,), ReducerOptions(keep_dims=True), (1,)),
        Node("MUL", (1, 3), (4,), MulOptions(), (2,)),
        Node("MEAN", (4, 2), (5,), ReducerOptions(keep_dims=True), (3,)),
    )
    graph = Graph("excited", 0, {i: replace(t, index=i) for i, t in enumerate(found)}, nodes, (0,), (5,))
    check_graph(graph)
    return graph


@pytest.mark.parametrize(("rows", "tables"), [(40, True), (41, False)])
def test_arenas_around_what_row_tables_reach(rows: int, tables: bool) -> None:
    """Tables count from a map's lowest row, so an arena may be larger; a map beyond their reach lies in one piece."""
    graph = excited(rows, 400)
    plan = plan_graph(graph, PALETTE, "ram", STREAMED)
    assert plan.peak > TABLE_BYTES
    assert any(m.stride is None for m in plan.maps.values()) is tables
    assert_c_equals_reference(graph, [random_case(graph, 1)], plan=plan)


@pytest.mark.parametrize(("distance", "fits"), [(TABLE_BYTES, True), (TABLE_BYTES + 4, False), (131_073, False)])
def test_rows_too_far_apart_are_refused(distance: int, fits: bool) -> None:
    """No plan has them; else the tables would be wrong without a word."""
    plan = plan_graph(excited(4, 5, 4), PALETTE, "ram", STREAMED)
    t, m = next((t, m) for t, m in plan.maps.items() if m.stride is None)
    offsets = [*range(64, 64 + 4 * (m.rows - 1), 4), 64 + distance]
    places = tuple(replace(b, offset=at) for b, at in zip(m.places, offsets, strict=True))
    moved = replace(plan, maps={**plan.maps, t: replace(m, places=places)})
    if fits:
        assert "65535" in emit_model(moved, "far")["model_far.c"]
        return
    with pytest.raises(EdgeError) as caught:
        emit_model(moved, "far")
    assert caught.value.kind is PLAN_LIMIT


def concatenated(parts: int) -> Graph:
    sources = [tensor((2, 1)) for _ in range(parts)]
    return single_node_graph("CONCATENATION", sources, [tensor((2, parts))], ConcatenationOptions(1, "NONE"))


def flattened(shape: tuple[int, ...]) -> Graph:
    return single_node_graph("RESHAPE", [tensor(shape)], [tensor((int(np.prod(shape)),))], ReshapeOptions(None))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: concatenated(256), "256 inputs"),
        (lambda: flattened((1, 40_000, 1, 1)), "40000 rows"),
        (lambda: flattened((1, 1, 40_000, 1)), "40000 pixels in a row"),
        (lambda: flattened((40_000,)), "40000 bytes in a pixel"),
    ],
)
def test_counts_and_shapes_beyond_the_tables(make: Callable[[], Graph], what: str) -> None:
    with pytest.raises(EdgeError) as caught:
        plan_graph(make(), PALETTE, "ram")
    assert caught.value.kind is PLAN_LIMIT
    assert what in caught.value.what
