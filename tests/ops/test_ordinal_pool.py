# SPDX-License-Identifier: Apache-2.0
"""edgesdk.OrdinalPool against its definitions in exact and in real numbers, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, ErrorKind
from edgesdk.model.graph import Array, DType, Graph, Quantization
from edgesdk.model.tflite.ordinal_pool import OrdinalPoolOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.ops.check import check_graph
from edgesdk.ops.reference import run_reference
from movement_checks import assert_refused
from ordinal_nodes import random_ordinal_pool
from single_node import random_input, single_node_graph, tensor

WINDOW = OrdinalPoolOptions("VALID", 2, 2, 2, 2)


def pool(weights: Array, options: OrdinalPoolOptions = WINDOW, shape: tuple[int, ...] = (1, 4, 6, 3)) -> Graph:
    source = tensor(shape, scale=0.5, zero_point=7)
    w = tensor(weights.shape, scale=1 / 256, dtype=DType(weights.dtype.name), data=weights)
    rows, columns = ((n - 2) // 2 + 1 for n in shape[1:3])
    target = tensor((shape[0], rows, columns, shape[3]), scale=0.5, zero_point=7)
    return single_node_graph("edgesdk.OrdinalPool", [source, w], [target], options)


def shares(*row: int) -> Array:
    return np.array([row] * 3, np.int16)


def run(graph: Graph, x: Array) -> Array:
    check_graph(graph)
    return run_reference(graph, [x])[graph.outputs[0]]


def sorted_windows(graph: Graph, x: Array) -> Array:
    """[N, H', W', C, ranks], greatest first, by loops over outputs."""
    (node,) = graph.nodes
    o, z = node.options, graph.tensor_in(node, 0).zero_point
    frames, rows, columns, channels = graph.tensor_out(node).shape
    pads = []
    for n, out, window, stride in (
        (x.shape[1], rows, o.filter_h, o.stride_h),
        (x.shape[2], columns, o.filter_w, o.stride_w),
    ):
        missing = max(0, (out - 1) * stride + window - n) if o.padding == "SAME" else 0
        pads.append((missing // 2, missing - missing // 2))
    padded = np.pad(x.astype(int), ((0, 0), *pads, (0, 0)), constant_values=z)
    found = np.zeros((frames, rows, columns, channels, o.filter_h * o.filter_w), int)
    for i in range(rows):
        for j in range(columns):
            y, k = i * o.stride_h, j * o.stride_w
            values = padded[:, y : y + o.filter_h, k : k + o.filter_w].reshape(frames, -1, channels)
            found[:, i, j] = -np.sort(-values, axis=1).transpose(0, 2, 1)
    return found


@pytest.mark.parametrize("seed", range(25))
def test_shares_equal_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = random_ordinal_pool(rng, shares=True)
    x = random_input(rng, graph.tensors[graph.inputs[0]].shape)
    w = graph.tensor_in(graph.nodes[0], 1).data
    assert w is not None
    got, exact = run(graph, x), (sorted_windows(graph, x) * w.astype(int)).sum(axis=-1) / 256
    assert np.array_equal(got, np.floor(exact + 0.5))
    assert np.abs(got - exact).max() <= 0.5


@pytest.mark.parametrize("seed", range(25))
def test_free_weights_equal_the_definition(seed: int) -> None:
    """In real numbers, to one step: the integers round twice."""
    rng = np.random.default_rng(seed)
    graph = random_ordinal_pool(rng, shares=False)
    (node,) = graph.nodes
    source, weights, target = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
    x = random_input(rng, source.shape)
    assert weights.data is not None
    assert weights.quantization is not None
    real = (sorted_windows(graph, x) - source.zero_point) * source.scale
    w = weights.data * np.array(weights.quantization.scale)[:, None]
    exact = np.clip((real * w).sum(axis=-1) / target.scale + target.zero_point, -128, 127)
    assert np.abs(run(graph, x) - exact).max() <= 1


def test_maximum_minimum_and_median() -> None:
    x = random_input(np.random.default_rng(0), (1, 4, 6, 3))
    pooled = single_node_graph(
        "MAX_POOL_2D",
        [tensor((1, 4, 6, 3), scale=0.5, zero_point=7)],
        [tensor((1, 2, 3, 3), scale=0.5, zero_point=7)],
        Pool2DOptions("VALID", 2, 2, 2, 2),
    )
    assert np.array_equal(run(pool(shares(256, 0, 0, 0)), x), run(pooled, x))
    values = sorted_windows(pool(shares(0, 0, 0, 256)), x)
    assert np.array_equal(run(pool(shares(0, 0, 0, 256)), x), values[..., 3])
    median = np.floor((values[..., 1] + values[..., 2]) / 2 + 0.5)
    assert np.array_equal(run(pool(shares(0, 128, 128, 0)), x), median)


@pytest.mark.parametrize(
    ("weights", "kind"),
    [
        (shares(256, 0, 0), MODEL_INVALID),  # a rank too few
        (shares(255, 0, 0, 0), MODEL_INVALID),
        (shares(300, -44, 0, 0), MODEL_INVALID),
        (shares(256, 0, 0, 0)[:2], MODEL_INVALID),
        (shares(256, 0, 0, 0).astype(np.int32), MODEL_TYPE),
    ],
)
def test_impossible_weights(weights: Array, kind: ErrorKind) -> None:
    assert_refused(pool(weights), kind)


def test_shares_keep_the_quantization() -> None:
    graph = pool(shares(64, 64, 64, 64))
    target = graph.nodes[0].outputs[0]
    other = replace(graph.tensors[target], quantization=Quantization((0.25,), (7,)))
    assert_refused(replace(graph, tensors={**graph.tensors, target: other}), MODEL_TYPE)


def test_too_many_ranks() -> None:
    options = OrdinalPoolOptions("SAME", 1, 1, 16, 16)
    assert_refused(pool(np.zeros((3, 256), np.int16), options), OP_OPTIONS)


def test_weights_that_are_not_constant() -> None:
    graph = pool(shares(256, 0, 0, 0))
    w = graph.nodes[0].inputs[1]
    free = replace(graph.tensors[w], data=None)
    assert_refused(replace(graph, tensors={**graph.tensors, w: free}, inputs=(*graph.inputs, w)), OP_OPTIONS)
    floats = replace(free, dtype=DType.INT8)
    assert_refused(replace(graph, tensors={**graph.tensors, w: floats}, inputs=(*graph.inputs, w)), OP_OPTIONS)
