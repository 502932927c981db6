# SPDX-License-Identifier: Apache-2.0
"""Strips, channel blocks and two-pass squeeze-excite: the same bits, and what cannot be rewritten is refused."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edgesdk.kernels.palette import palette_of
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.ops import find_operator
from edgesdk.ops.check import check_graph
from edgesdk.ops.reference import run_reference
from edgesdk.plan import plan_graph
from edgesdk.rewrite.blocks import blocks
from edgesdk.rewrite.pipeline import rewrite
from edgesdk.rewrite.strips import strip_macs, strip_spans, strips
from edgesdk.rewrite.twice import pooled_chain, twice
from random_graphs import GraphBuilder, random_case, random_graph
from support import assert_c_equals_reference


def assert_same(graph: Graph, rewritten: Graph) -> None:
    """Both make the same outputs, and the operators accept the new nodes."""
    check_graph(rewritten)
    case = random_case(graph, 1)
    want, got = run_reference(graph, case), run_reference(rewritten, case)
    for t in graph.outputs:
        np.testing.assert_array_equal(want[t], got[t])


def macs(graph: Graph) -> int:
    return sum(find_operator(n.op).macs(graph, n) for n in graph.nodes)


def excited(
    random: Random, width: int = 9, stride: int = 1, channels: int = 8, kernel: int = 3, padding: str = "SAME"
) -> Graph:
    """Expand, depthwise, squeeze, two small convolutions, excite, project, and a residual where shapes allow it."""
    b = GraphBuilder(random)
    x = b.activation((1, 7, width, 4))
    b.inputs.append(x)

    def conv(source: int, count: int, activation: str = "NONE") -> int:
        w = b.weights((count, 1, 1, b.tensors[source].shape[3]), 0, count)
        options = Conv2DOptions("SAME", 1, 1, activation=activation)
        (made,) = b.apply("CONV_2D", (source, w, b.bias(source, w, count)), (None,), options)
        return made

    (first,) = b.apply("RELU", (x,), (None,), None)
    wide = conv(first, channels, "RELU6")
    w = b.weights((1, kernel, kernel, channels), 3, channels)
    options = DepthwiseConv2DOptions(padding, stride, stride, 1)
    (seen,) = b.apply("DEPTHWISE_CONV_2D", (wide, w, b.bias(wide, w, channels)), (None,), options)
    (mean,) = b.apply("MEAN", (seen, b.int32([1, 2])), (None,), ReducerOptions(True))
    scale = conv(conv(mean, 2), channels)
    (product,) = b.apply("MUL", (seen, scale), (None,), MulOptions("NONE"))
    made = conv(product, 4)
    b.apply("ADD", (made, first), (None,), AddOptions("NONE"))
    return b.graph()


@pytest.mark.parametrize("count", [2, 3, 8])
@pytest.mark.parametrize("stride", [1, 2])
def test_blocks_make_the_same_bits_with_the_same_constants(count: int, stride: int) -> None:
    graph = excited(Random(count), stride=stride)
    rewritten = blocks(graph, 1, count)
    assert rewritten is not None
    assert_same(graph, rewritten)
    assert macs(rewritten) == macs(graph)

    def constants(g: Graph) -> int:
        weights = {n.inputs[k] for n in g.nodes if n.op.endswith("CONV_2D") for k in (1, 2) if n.inputs[k] >= 0}
        return sum(g.tensors[t].bytes for t in weights)

    assert constants(rewritten) == constants(graph)
    assert sum(n.op == "DEPTHWISE_CONV_2D" for n in rewritten.nodes) == count


def test_blocks_need_a_depthwise_reader_and_enough_channels() -> None:
    graph = excited(Random(0))
    assert blocks(graph, 0, 2) is None  # no convolution
    assert blocks(graph, 4, 2) is None  # no depthwise behind it
    assert blocks(graph, 1, 9) is None
    assert blocks(graph, 1, 1) is None


@pytest.mark.parametrize("length", [1, 2, 3])
def test_twice_makes_the_same_bits_and_shares_the_constants(length: int) -> None:
    graph = excited(Random(length))
    pooling = next(i for i, n in enumerate(graph.nodes) if n.op == "MEAN")
    assert pooled_chain(graph, pooling) == (1, 2)
    rewritten = twice(graph, pooling, length)
    if length > 2:
        assert rewritten is None
        return
    assert rewritten is not None
    assert_same(graph, rewritten)
    cloned = sum(find_operator(graph.nodes[i].op).macs(graph, graph.nodes[i]) for i in (1, 2)[-length:])
    assert macs(rewritten) == macs(graph) + cloned
    weights = [n.inputs[1] for n in rewritten.nodes if n.op == "DEPTHWISE_CONV_2D"]
    assert len(weights) == 2
    assert len(set(weights)) == 1


def test_twice_needs_a_pooling_of_a_map_that_others_read() -> None:
    graph = excited(Random(0))
    assert all(twice(graph, i, 1) is None for i, n in enumerate(graph.nodes) if n.op != "MEAN")


@pytest.mark.parametrize("width", [7, 9, 12])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_strips_of_a_squeezed_map(width: int, stride: int, kernel: int, padding: str) -> None:
    graph = excited(Random(width), width=width, stride=stride, kernel=kernel, padding=padding)
    spans = strip_spans(graph, 1, 3, 2)
    rewritten = strips(graph, 1, 3, 2)
    assert spans is not None
    assert rewritten is not None
    assert_same(graph, rewritten)
    run = sum(find_operator(n.op).macs(graph, n) for n in graph.nodes[1:3])
    assert macs(rewritten) - macs(graph) == strip_macs(graph, 1, 3, spans) - run
    made = graph.nodes[1].outputs[0]
    expanded = graph.tensors[made].shape[2]
    assert all(b - a < expanded for a, b in (s[made] for s in spans))


def test_strips_refuse_what_no_column_range_makes() -> None:
    graph = excited(Random(0))
    assert strips(graph, 1, 4, 2) is None  # a squeeze in the run
    assert strips(graph, 1, 3, 100) is None
    assert strips(graph, 1, 3, 1) is None
    assert strips(graph, 3, 3, 2) is None


@settings(max_examples=80)
@given(st.randoms(use_true_random=False), st.integers(1, 8), st.data())
def test_random_graphs_keep_their_bits(random: Random, operators: int, data: st.DataObject) -> None:
    graph = random_graph(random, operators)
    first = data.draw(st.integers(0, len(graph.nodes) - 1))
    last = data.draw(st.integers(first + 1, len(graph.nodes)))
    for rewritten in (
        strips(graph, first, last, data.draw(st.integers(2, 4))),
        strips(graph, first, last, data.draw(st.integers(2, 4)), repeated=True),
        blocks(graph, first, data.draw(st.integers(2, 4))),
        twice(graph, first, data.draw(st.integers(1, 4))),
    ):
        if rewritten is not None:
            assert_same(graph, rewritten)


@pytest.mark.parametrize("seed", range(3))
def test_rewritten_graphs_run_in_c(seed: int) -> None:
    graph = excited(Random(seed), width=9 + seed)
    pooling = next(i for i, n in enumerate(graph.nodes) if n.op == "MEAN")
    for rewritten in (blocks(graph, 1, 3), twice(graph, pooling, 2), strips(graph, 0, 3, 2)):
        assert rewritten is not None
        plan = plan_graph(rewritten, palette_of("portable"), "ram", Options())
        assert_c_equals_reference(rewritten, [random_case(graph, seed)], source=graph, plan=plan)


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("first", [0, 1])
def test_strips_ask_for_the_rows_of_a_streamed_input_again(count: int, first: int) -> None:
    graph = excited(Random(count), width=11)
    rewritten = strips(graph, first, 3, count, repeated=True)
    assert rewritten is not None
    assert_same(graph, rewritten)
    assert list(rewritten.again.values()) == [graph.inputs[0]] * (0 if first else count - 1)
    plan = plan_graph(rewritten, palette_of("portable"), "ram", Options(input="streamed"))
    asked = [turn.row for turn in plan.calls if turn.input is not None]
    height = graph.tensors[graph.inputs[0]].shape[1]
    assert sorted(asked) == sorted([*range(height)] * (1 if first else count))
    assert_c_equals_reference(rewritten, [random_case(graph, count)], source=graph, plan=plan)


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 5), st.data())
def test_random_graphs_in_strips_of_a_streamed_input_run_in_c(
    random: Random, operators: int, data: st.DataObject
) -> None:
    graph = rewrite(random_graph(random, operators), Options(float_io=True))  # no constants under other shapes
    assume(graph.nodes)
    last = data.draw(st.integers(1, len(graph.nodes)))
    rewritten = strips(graph, 0, last, data.draw(st.integers(2, 4)), repeated=True)
    if rewritten is not None:
        plan = plan_graph(rewritten, palette_of("portable"), "ram", Options(input="streamed"))
        assert_c_equals_reference(rewritten, [random_case(graph, 1)], source=graph, plan=plan)
