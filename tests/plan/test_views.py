# SPDX-License-Identifier: Apache-2.0
"""Parts of one another in memory: CONCATENATION, SPLIT and STRIDED_SLICE that cost nothing."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.model.tflite.split import SplitOptions
from edgesdk.model.tflite.strided_slice import StridedSliceOptions
from edgesdk.plan.planner import plan_graph
from edgesdk.plan.views import joinable, views_of
from random_graphs import GraphBuilder
from support import PALETTE, assert_c_equals_reference, random_plan


def conv(b: GraphBuilder, x: int, channels: int, kernel: int = 3, stride: int = 1) -> int:
    """A convolution whose output is quantized as tensor 0 is."""
    w = b.weights((channels, kernel, kernel, b.tensors[x].shape[-1]), 0, channels)
    options = Conv2DOptions("SAME", stride, stride, 1, 1)
    (y,) = b.apply("CONV_2D", (x, w, -1), (b.tensors[0].quantization,), options)
    return y


def concat(b: GraphBuilder, parts: list[int], axis: int) -> int:
    (y,) = b.apply("CONCATENATION", parts, (b.tensors[0].quantization,), ConcatenationOptions(axis))
    return y


def started(shape: tuple[int, ...]) -> GraphBuilder:
    b = GraphBuilder(Random(1))
    b.inputs.append(b.activation(shape))
    return b


def dense_block(b: GraphBuilder, x: int, times: int) -> int:
    """Each layer reads all before it and adds 3 channels to them."""
    for _ in range(times):
        x = concat(b, [x, conv(b, x, 3)], 3)
    return x


def dense_network() -> Graph:
    b = started((1, 8, 7, 2))
    conv(b, dense_block(b, conv(b, 0, 5), 3), 4)
    return b.graph()


def two_sides() -> Graph:
    """Rows, columns and channels joined of one map, odd sizes."""
    b = started((1, 7, 5, 3))
    x = conv(b, 0, 3)
    tall = concat(b, [conv(b, x, 3), x, conv(b, x, 3, stride=1)], 1)
    wide = concat(b, [tall, conv(b, tall, 3)], 2)
    conv(b, concat(b, [wide, conv(b, wide, 1)], 3), 2)
    return b.graph()


def cut_apart() -> Graph:
    """A map cut by SPLIT and by STRIDED_SLICE, the pieces read by convolutions."""
    b = started((1, 6, 8, 6))
    x = conv(b, 0, 6)
    y = b.apply("SPLIT", (b.int32([3]), x), (b.tensors[0].quantization,) * 2, SplitOptions(2))
    bounds = (b.int32([0, 1, 2, 1]), b.int32([1, 5, 7, 4]), b.int32([1, 1, 1, 1]))
    (z,) = b.apply("STRIDED_SLICE", (x, *bounds), (b.tensors[0].quantization,), StridedSliceOptions())
    for part in (*y, z):
        conv(b, part, 2)
    return b.graph()


def movers(graph: Graph) -> set[int]:
    return {i for i, n in enumerate(graph.nodes) if n.op in ("CONCATENATION", "SPLIT", "STRIDED_SLICE")}


@pytest.mark.parametrize("make", [dense_network, two_sides, cut_apart])
def test_nothing_runs_for_them(make):
    graph = make()
    plan = random_plan(graph, Options(), Random(5))
    assert plan.views == joinable(graph, PALETTE) == movers(graph)
    assert not movers(graph) & {s.node for s in plan.steps}


@pytest.mark.parametrize("streamed", ["resident", "streamed"])
@pytest.mark.parametrize("make", [dense_network, two_sides, cut_apart])
def test_the_bits_are_the_reference_s(make, streamed):
    graph = make()
    values = np.random.default_rng(3)
    cases = [[values.integers(-128, 128, graph.tensors[0].shape, dtype=np.int8)] for _ in range(2)]
    options = Options(input=streamed)
    for plan in (plan_graph(graph, PALETTE, "ram", options), random_plan(graph, options, Random(5))):
        assert_c_equals_reference(graph, cases, plan=plan)


@pytest.mark.parametrize("streamed", ["resident", "streamed"])
def test_a_dense_block_needs_less_than_by_copies(streamed, monkeypatch):
    options = Options(input=streamed)
    plan = plan_graph(dense_network(), PALETTE, "ram", options)
    assert plan.views == movers(plan.graph)
    monkeypatch.setattr("edgesdk.plan.planner.joinable", lambda graph, palette, leaving=False: frozenset())
    copying = plan_graph(dense_network(), PALETTE, "ram", options)
    assert not copying.views
    assert plan.peak < copying.peak


@pytest.mark.parametrize("axis", [1, 3])
def test_an_output_that_is_joined_is_kept_or_leaves_by_rows(axis):
    """Its parts may be views where it is kept; rows that leave must be whole at once, so they are copied."""
    b = started((1, 6, 5, 3))
    x = conv(b, 0, 3)
    joined = concat(b, [conv(b, x, 3), conv(b, x, 3, kernel=1)], axis)
    graph = b.graph()
    assert graph.outputs == (joined,)
    kept, leaving = Options(input="streamed"), Options(input="streamed", output="streamed")
    plans = [random_plan(graph, kept, Random(5)), random_plan(graph, leaving, Random(5))]
    assert [(plan.leaving, plan.views) for plan in plans] == [(set(), movers(graph)), ({joined}, set())]
    cases = [[np.random.default_rng(axis).integers(-128, 128, (1, 6, 5, 3), dtype=np.int8)]]
    for plan in plans:
        assert_c_equals_reference(graph, cases, plan=plan)


def test_what_must_be_dense_is_copied():
    b = started((1, 4, 4, 2))
    x, y = conv(b, 0, 2), conv(b, 0, 2)
    (flat,) = b.apply("RESHAPE", (x, b.int32([1, 32])), (b.tensors[0].quantization,), ReshapeOptions((1, 32)))
    joined = concat(b, [x, y], 3)
    other = concat(b, [y, y], 3)
    graph = b.graph()
    assert {flat, joined, other} <= set(graph.outputs)
    assert joinable(graph, PALETTE) == frozenset()  # x has another shape; y is joined with itself
    assert views_of(graph, frozenset())[flat].storage == x
