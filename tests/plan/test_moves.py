# SPDX-License-Identifier: Apache-2.0
"""The search for moves: fewer bytes, the same bits, recomputation within its limit and counted."""

from __future__ import annotations

from random import Random

import pytest

from edgesdk.emit.sizes import constant_bytes
from edgesdk.kernels.palette import palette_of
from edgesdk.model.graph import Graph, Quantization
from edgesdk.model.plan import Options
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.ops import find_operator
from edgesdk.plan import plan_graph
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from model_files import MODELS
from random_graphs import GraphBuilder, random_case
from support import assert_c_equals_reference

PALETTE = palette_of("portable")


def excited(channels: int = 24, size: int = 12) -> Graph:
    """A squeeze-excite whose expanded map is whole unless it is made twice."""
    b = GraphBuilder(Random(1))
    x = b.activation((1, size, size, 4))
    b.inputs.append(x)

    def conv(source: int, count: int) -> int:
        w = b.weights((count, 1, 1, b.tensors[source].shape[3]), 0, count)
        (made,) = b.apply("CONV_2D", (source, w, b.bias(source, w, count)), (None,), Conv2DOptions("SAME", 1, 1))
        return made

    (first,) = b.apply("RELU", (x,), (None,), None)
    wide = conv(first, channels)
    w = b.weights((1, 5, 5, channels), 3, channels)
    options = DepthwiseConv2DOptions("SAME", 1, 1, 1)
    (seen,) = b.apply("DEPTHWISE_CONV_2D", (wide, w, b.bias(wide, w, channels)), (None,), options)
    (mean,) = b.apply("MEAN", (seen, b.int32([1, 2])), (None,), ReducerOptions(True))
    (product,) = b.apply("MUL", (seen, conv(conv(mean, 2), channels)), (None,), MulOptions("NONE"))
    conv(product, 4)
    return b.graph()


def joined() -> Graph:
    """Branches that are concatenated with the map they read: as a view, it lies in rows three times as long."""
    b = GraphBuilder(Random(1))
    b.inputs.append(b.activation((2, 31, 17, 1)))

    def conv(source: int, count: int, size: int, stride: int, q: Quantization | None = None) -> int:
        w = b.weights((count, size, size, b.tensors[source].shape[3]), 0, count)
        options = Conv2DOptions("SAME", stride, stride)
        (made,) = b.apply("CONV_2D", (source, w, b.bias(source, w, count)), (q,), options)
        return made

    x = conv(conv(b.inputs[0], 6, 2, 2), 4, 2, 2)
    b.apply("RELU", (x,), (None,), None)
    q = b.tensors[x].quantization
    parts = (conv(x, 3, 1, 1, q), conv(x, 5, 3, 1, q), x)
    (x,) = b.apply("CONCATENATION", parts, (q,), ConcatenationOptions(3))
    (x,) = b.apply("AVERAGE_POOL_2D", (x,), (q,), Pool2DOptions("VALID", 2, 2, 3, 3))
    conv(x, 8, 1, 2)
    return b.graph()


def macs(graph: Graph) -> int:
    return sum(find_operator(n.op).macs(graph, n) for n in graph.nodes)


def test_a_graph_in_which_nothing_runs_has_no_moves() -> None:
    b = GraphBuilder(Random(1))
    b.inputs.append(b.activation((1, 4, 4, 2)))
    graph = b.graph()
    assert plan_graph(graph, PALETTE, "ram", Options(max_recompute=2.0)).moves == ()


def test_blocks_of_channels_cost_nothing_and_are_tried_by_default() -> None:
    graph = excited(channels=48, size=10)
    plan = plan_graph(graph, PALETTE, "ram", Options())
    speed = plan_graph(graph, PALETTE, "ram", Options(optimize="speed"))
    assert any("blocks of channels" in words for words in plan.moves)
    assert plan.recompute == 1.0
    assert plan.peak < speed.peak
    assert speed.moves == ()
    assert_c_equals_reference(plan.graph, [random_case(graph, 1)], source=graph, plan=plan)


@pytest.mark.parametrize("source", ["resident", "streamed"])
def test_recomputation_is_bought_within_its_limit(source: str) -> None:
    graph = excited()
    free = plan_graph(graph, PALETTE, "ram", Options(input=source))
    plan = plan_graph(graph, PALETTE, "ram", Options(input=source, max_recompute=2.0))
    assert any("twice" in words or "strips" in words for words in plan.moves)
    assert 1.0 < plan.recompute <= 2.0
    assert plan.recompute == round(macs(plan.graph) / macs(graph), 4)
    assert plan.peak < free.peak * 0.8
    assert constant_bytes(plan) < constant_bytes(free) + 4_000  # weights are there once, tables more often
    assert_c_equals_reference(plan.graph, [random_case(graph, 2)], source=graph, plan=plan)


def test_no_move_where_the_recomputation_allowed_is_too_little() -> None:
    graph = excited()
    plan = plan_graph(graph, PALETTE, "ram", Options(max_recompute=1.01))
    assert plan.recompute <= 1.01


@pytest.mark.parametrize("factor", [1.1, 1.3])
def test_no_recomputation_is_better_than_moves_that_need_more(factor: float) -> None:
    graph = joined()
    plain, moved = (
        plan_graph(graph, PALETTE, "ram", Options(float_io=True, input="streamed", max_recompute=f))
        for f in (1.0, factor)
    )
    assert moved.peak <= plain.peak
    assert moved.lower_bound <= moved.peak


def test_more_recomputation_never_takes_more_memory() -> None:
    graph = rewrite(load_model(MODELS / "vww01.tflite"), Options())
    plans = [
        plan_graph(graph, PALETTE, "ram", Options(input="streamed", max_recompute=f)) for f in (1.0, 1.2, 1.35, 3.0)
    ]
    peaks = [plan.peak for plan in plans]
    assert peaks == sorted(peaks, reverse=True)
    assert peaks[0] > peaks[1]
