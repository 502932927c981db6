# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from convolution_nodes import random_fully_connected
from edgesdk.errors import MODEL_INVALID, OP_OPTIONS
from edgesdk.model.graph import Array, Graph
from edgesdk.model.tflite.fully_connected import FullyConnectedOptions
from edgesdk.ops.fully_connected import OPERATOR
from single_node import single_node_graph, tensor
from weight_checks import (
    changed,
    check_against_oracle,
    inputs_of,
    refused,
    run,
    scalar_requantize,
)


def slow_fully_connected(graph: Graph, x: Array) -> Array:
    """The definition, one multiplication at a time."""
    (node,) = graph.nodes
    source, weights, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
    target = graph.tensor_out(node)
    assert weights.data is not None
    assert weights.quantization is not None
    channels, depth = weights.shape
    flat = x.reshape(-1)
    out = []
    for b, c in np.ndindex(x.size // depth, channels):
        total = 0 if bias is None or bias.data is None else int(bias.data[c])
        for k in range(depth):
            value = int(flat[b * depth + k]) - source.zero_point
            total += value * (int(weights.data[c, k]) - weights.zero_point)
        scales = weights.quantization.scale
        if len(scales) > 1:
            factor = source.scale * scales[c] / target.scale
        else:
            factor = float(np.float32(source.scale) * np.float32(scales[0])) / target.scale
        out.append(scalar_requantize(graph, total, factor))
    return np.array(out, np.int8).reshape(target.shape)


@pytest.mark.parametrize("filter_zero_point", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_reference_is_the_definition(seed: int, filter_zero_point: bool) -> None:
    rng = np.random.default_rng(seed)
    graph = random_fully_connected(rng, filter_zero_point=filter_zero_point)
    (x,) = inputs_of(rng, graph)
    np.testing.assert_array_equal(run(graph, [x]), slow_fully_connected(graph, x))


def test_reference_is_tflite_micro() -> None:
    check_against_oracle(random_fully_connected, range(80))
    check_against_oracle(lambda rng: random_fully_connected(rng, filter_zero_point=True), range(30))


def fully_connected(shape: tuple[int, ...], depth: int, *, keep: bool = False) -> Graph:
    """Three output channels."""
    source = tensor(shape, scale=0.1)
    weights = tensor((3, depth), scale=0.01, data=np.ones((3, depth)))
    elements = int(np.prod(shape))
    output = (*shape[:-1], 3) if keep else (elements // depth, 3)
    options = FullyConnectedOptions(keep_num_dims=keep)
    return single_node_graph("FULLY_CONNECTED", [source, weights], [tensor(output)], options)


@pytest.mark.parametrize(
    ("shape", "depth", "keep", "rows", "window"),
    [
        ((1, 4, 4, 64), 1024, False, 1, (4, 1, 0, 4)),  # a whole map, four rows at once
        ((2, 4, 4, 64), 1024, False, 2, (4, 1, 0, 4)),
        ((5, 7), 7, False, 5, (1, 1, 0, 1)),  # vectors
        ((1, 4, 4, 64), 64, True, 4, (1, 1, 0, 1)),  # every pixel, rows kept
        ((1, 4, 4, 64), 64, False, 16, (1, 4, 0, 1)),  # every pixel, flattened
        ((1, 4, 4, 64), 512, False, 2, (2, 1, 0, 2)),  # half a map
    ],
)
def test_rows(shape: tuple[int, ...], depth: int, keep: bool, rows: int, window: tuple[int, int, int, int]) -> None:
    graph = fully_connected(shape, depth, keep=keep)
    geometry = OPERATOR.geometry(graph, graph.nodes[0])
    got = geometry.inputs[0]
    assert (geometry.rows, (got.num, got.den, got.offset, got.rows)) == (rows, window)


def test_macs() -> None:
    graph = fully_connected((2, 4, 4, 8), 128)
    assert OPERATOR.macs(graph, graph.nodes[0]) == 2 * 128 * 3


def test_refusals() -> None:
    assert "do not align" in refused(fully_connected((1, 4, 3, 8), 16), OP_OPTIONS)  # two of three pixels
    assert "do not align" in refused(fully_connected((1, 4, 4, 8), 4), OP_OPTIONS)  # half a pixel
    refused(fully_connected((1, 4, 4, 8), 24), MODEL_INVALID)
    refused(fully_connected((4, 8), 4, keep=True), MODEL_INVALID)
    refused(changed(fully_connected((1, 8), 8), 1, shape=(3, 8, 1)), MODEL_INVALID)
