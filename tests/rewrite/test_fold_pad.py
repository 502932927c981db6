# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import Graph, Quantization, Tensor
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.ops.check import check_graph
from edgesdk.ops.reference import run_reference
from edgesdk.rewrite.fold_pad import fold_pad
from movement_graphs import completed, integers
from single_node import random_input, tensor
from support import assert_c_equals_reference

SOURCE = tensor((1, 6, 5, 4), scale=0.5, zero_point=-3)
PADDINGS = ((0, 0), (1, 2), (0, 3), (0, 0))


def _padded(paddings: Any = PADDINGS, value: int | None = None, like: Tensor = SOURCE) -> Graph:
    """PAD, or PADV2 with a value, of SOURCE; the output has `like`'s quantization."""
    operands = [SOURCE, integers(np.array(paddings).reshape(-1).tolist(), (4, 2))]
    if value is not None:
        operands.append(replace(like, shape=(1,), data=np.array([value], np.int8)))
    return completed("PAD" if value is None else "PADV2", operands, None, like)


def _then(graph: Graph, op: str, options: Any) -> Graph:
    """The graph with an operator on its PAD's output; its output is the graph's only new output."""
    padded = graph.nodes[0].outputs[0]
    given = graph.tensors[padded]
    operands = [replace(given, index=-1)]
    rng = np.random.default_rng(1)
    channels = given.shape[3]
    if op == "CONV_2D":
        operands.append(tensor((3, 3, 2, channels), scale=0.02, data=rng.integers(-127, 128, (3, 3, 2, channels))))
    elif op == "DEPTHWISE_CONV_2D":
        operands.append(tensor((1, 3, 3, channels), scale=0.02, data=rng.integers(-127, 128, (1, 3, 3, channels))))
    other = completed(op, operands, options, tensor((1,), scale=given.scale, zero_point=given.zero_point))
    base = len(graph.tensors)
    number = {t: padded if t == other.nodes[0].inputs[0] else t + base for t in other.tensors}
    tensors = dict(graph.tensors)
    tensors |= {number[t]: replace(v, index=number[t]) for t, v in other.tensors.items() if number[t] != padded}
    node = replace(
        other.nodes[0],
        inputs=tuple(number[t] for t in other.nodes[0].inputs),
        outputs=tuple(number[t] for t in other.nodes[0].outputs),
        tflite_ops=(len(graph.nodes),),
    )
    outputs = tuple(t for t in graph.outputs if t != padded) + node.outputs
    return replace(graph, tensors=tensors, nodes=(*graph.nodes, node), outputs=outputs)


CONV = ("CONV_2D", Conv2DOptions("VALID", 2, 1))
DEPTHWISE = ("DEPTHWISE_CONV_2D", DepthwiseConv2DOptions("VALID", 1, 2, 1))


@pytest.mark.parametrize("value", [None, -3])
def test_folds_into_every_reader(value: int | None) -> None:
    graph = _then(_then(_padded(value=value), *CONV), *DEPTHWISE)
    check_graph(graph)
    folded = fold_pad(graph)
    check_graph(folded)
    assert [n.op for n in folded.nodes] == ["CONV_2D", "DEPTHWISE_CONV_2D"]
    assert [n.options.pads for n in folded.nodes] == [(1, 2, 0, 3)] * 2
    assert [n.tflite_ops for n in folded.nodes] == [(0, 1), (0, 2)]
    x = random_input(np.random.default_rng(0), SOURCE.shape)
    want, got = run_reference(graph, [x]), run_reference(folded, [x])
    for t in graph.outputs:
        np.testing.assert_array_equal(got[t], want[t])
    assert_c_equals_reference(folded, [[x]])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(0, 99))
def test_any_padding_keeps_the_function(amounts: list[int], seed: int) -> None:
    graph = _then(_padded(((0, 0), tuple(amounts[:2]), tuple(amounts[2:]), (0, 0))), *CONV)
    folded = fold_pad(graph)
    assert len(folded.nodes) == 1
    x = random_input(np.random.default_rng(seed), SOURCE.shape)
    (t,) = graph.outputs
    np.testing.assert_array_equal(run_reference(folded, [x])[t], run_reference(graph, [x])[t])


OTHER_SCALE = replace(SOURCE, quantization=Quantization((0.25,), (-3,)))
POOL = ("MAX_POOL_2D", Pool2DOptions("VALID", 1, 1, 2, 2))


@pytest.mark.parametrize(
    "graph",
    [
        _then(_padded(value=5), *CONV),  # not the zero point
        _then(_padded(like=OTHER_SCALE), *CONV),
        _then(_padded(((0, 0), (1, 1), (1, 1), (0, 2))), *CONV),  # channels
        _then(_padded(((1, 0), (1, 1), (1, 1), (0, 0))), *CONV),  # frames
        _then(_padded(), "CONV_2D", Conv2DOptions("SAME", 1, 1)),
        _then(_then(_padded(), *CONV), *POOL),  # a reader that cannot pad
        _padded(),  # no reader
    ],
)
def test_others_stay(graph: Graph) -> None:
    check_graph(graph)
    assert fold_pad(graph).nodes == graph.nodes


def test_a_padded_map_that_the_user_sees_stays() -> None:
    graph = _then(_padded(), *CONV)
    graph = replace(graph, outputs=(*graph.outputs, graph.nodes[0].outputs[0]))
    assert fold_pad(graph).nodes == graph.nodes
