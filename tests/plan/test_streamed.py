# SPDX-License-Identifier: Apache-2.0
"""Outputs whose rows leave as they are made: which can, what they save, and what is said where none can."""

from __future__ import annotations

from random import Random

import pytest

from edgesdk.errors import PLAN_OUTPUT, EdgeError
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.plan import plan_graph
from random_graphs import GraphBuilder
from support import PALETTE

STREAMED = Options(input="streamed", output="streamed")
SHAPE = (1, 8, 6, 4)


def started() -> tuple[GraphBuilder, int]:
    """A convolution of the input."""
    b = GraphBuilder(Random(3))
    b.inputs.append(b.activation(SHAPE))
    return b, conv(b, 0)


def conv(b: GraphBuilder, x: int) -> int:
    w = b.weights((4, 3, 3, 4), 0, 4)
    (y,) = b.apply("CONV_2D", (x, w, -1), (b.tensors[0].quantization,), Conv2DOptions("SAME", 1, 1, 1, 1))
    return y


def mean(b: GraphBuilder, x: int) -> int:
    (y,) = b.apply("MEAN", (x, b.int32([1, 2])), (b.tensors[0].quantization,), ReducerOptions(True))
    return y


def reshape(b: GraphBuilder, x: int) -> int:
    (y,) = b.apply("RESHAPE", (x, b.int32([1, 192])), (b.tensors[x].quantization,), ReshapeOptions((1, 192)))
    return y


def with_outputs(b: GraphBuilder, *outputs: int) -> Graph:
    graph = b.graph()
    return graph.with_nodes(graph.nodes, inputs=graph.inputs, outputs=outputs)


def test_only_the_rows_still_needed_stay() -> None:
    b, x = started()
    plan = plan_graph(with_outputs(b, conv(b, x)), PALETTE, "ram", STREAMED)
    row = SHAPE[2] * SHAPE[3]
    # two windows of three rows, and scratch, in place of eight rows of output
    scratch = max(step.scratch.bytes if step.scratch else 0 for step in plan.steps)
    assert plan.peak <= 6 * row + scratch
    assert plan.maps[plan.graph.outputs[0]].kind.value == "ring"


def test_a_tensor_that_leaves_and_is_read_on() -> None:
    b, x = started()
    y = conv(b, x)
    plan = plan_graph(with_outputs(b, x, y), PALETTE, "ram", STREAMED)
    assert plan.leaving == {x, y}
    assert plan.peak < plan_graph(with_outputs(b, y), PALETTE, "ram", Options(input="streamed")).peak


def test_what_cannot_leave_stays() -> None:
    b, x = started()
    pooled = mean(b, x)
    plan = plan_graph(with_outputs(b, pooled, x), PALETTE, "ram", STREAMED)
    assert plan.leaving == {x}
    assert plan.maps[pooled].kind.value == "real"


@pytest.mark.parametrize(
    ("end", "reason"), [(mean, "is made by MEAN, not row by row"), (reshape, "is made by RESHAPE, ")]
)
def test_where_none_can_leave(end, reason: str) -> None:  # type: ignore[no-untyped-def]
    b, x = started()
    graph = with_outputs(b, end(b, x))
    with pytest.raises(EdgeError) as caught:
        plan_graph(graph, PALETTE, "ram", STREAMED)
    assert caught.value.kind is PLAN_OUTPUT
    assert reason in caught.value.why
    assert caught.value.tries[0] == "leave out --output streamed"
    assert plan_graph(graph, PALETTE, "ram", Options(input="streamed")).leaving == frozenset()
