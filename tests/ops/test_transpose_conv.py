# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from convolution_nodes import random_transpose_conv
from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS
from edgesdk.model.graph import Array, DType, Graph
from edgesdk.model.tflite.transpose_conv import TransposeConvOptions
from edgesdk.ops.transpose_conv import OPERATOR
from single_node import single_node_graph, tensor
from weight_checks import (
    changed,
    channel_factor,
    check_against_oracle,
    inputs_of,
    refused,
    run,
    scalar_requantize,
)


def slow_transpose_conv(graph: Graph, x: Array) -> Array:
    """The definition: every input pixel scattered through the kernel."""
    (node,) = graph.nodes
    weights, source, bias = graph.tensor_in(node, 1), graph.tensor_in(node, 2), graph.input(node, 3)
    assert weights.data is not None
    options: TransposeConvOptions = node.options
    channels, kernel_h, kernel_w, depth = weights.shape
    shape = graph.tensor_out(node).shape
    _, height, width, _ = x.shape
    top = left = 0
    if options.padding == "SAME":
        top = max(0, (height - 1) * options.stride_h + kernel_h - shape[1]) // 2
        left = max(0, (width - 1) * options.stride_w + kernel_w - shape[2]) // 2
    sums = np.zeros(shape, object)
    if bias is not None and bias.data is not None:
        sums += np.array([int(b) for b in bias.data], object)
    for n, y, z, ky, kx in np.ndindex(len(x), height, width, kernel_h, kernel_w):
        oy, ox = y * options.stride_h - top + ky, z * options.stride_w - left + kx
        if 0 <= oy < shape[1] and 0 <= ox < shape[2]:
            for c, k in np.ndindex(channels, depth):
                value = int(x[n, y, z, k]) - source.zero_point
                sums[n, oy, ox, c] += value * int(weights.data[c, ky, kx, k])
    out = np.zeros(shape, np.int8)
    for i in np.ndindex(*shape):
        out[i] = scalar_requantize(graph, sums[i], channel_factor(graph, source, weights, i[3]))
    return out


@pytest.mark.parametrize("seed", range(12))
def test_reference_is_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = random_transpose_conv(rng)
    (x,) = inputs_of(rng, graph)
    np.testing.assert_array_equal(run(graph, [x]), slow_transpose_conv(graph, x))


def test_reference_is_tflite_micro() -> None:
    check_against_oracle(random_transpose_conv, range(80))


def small_transpose_conv() -> Graph:
    """3x3x2 to 6x6x4, 3x3, stride 2."""
    shape = tensor((4,), scale=None, dtype=DType.INT32, data=np.array([1, 6, 6, 4]))
    weights = tensor((4, 3, 3, 2), scale=0.01, data=np.ones((4, 3, 3, 2)))
    source = tensor((1, 3, 3, 2), scale=0.1)
    options = TransposeConvOptions("SAME", 2, 2)
    return single_node_graph("TRANSPOSE_CONV", [shape, weights, source], [tensor((1, 6, 6, 4))], options)


def test_macs() -> None:
    graph = small_transpose_conv()
    assert OPERATOR.macs(graph, graph.nodes[0]) == 3 * 3 * 3 * 3 * 2 * 4


def test_refusals() -> None:
    graph = small_transpose_conv()
    refused(changed(graph, 0, data=np.array([1, 7, 6, 4], np.int32)), MODEL_INVALID)  # 7 would take 4 rows
    refused(changed(graph, 0, data=np.array([1, 6, 6, 3], np.int32)), MODEL_INVALID)
    refused(changed(graph, 0, data=np.array([36, 4], np.int32), shape=(2,)), MODEL_INVALID)
    refused(changed(graph, 0, data=np.array([1, 6, -6, 4], np.int32)), MODEL_INVALID)
    refused(changed(graph, 0, dtype=DType.INT64), MODEL_TYPE)
    refused(changed(graph, 1, data=None), MODEL_INVALID)  # nothing makes them
    refused(changed(graph, 2, shape=(1, 3, 6)), OP_OPTIONS)
    refused(changed(graph, 2, shape=(1, 3, 2, 3)), MODEL_INVALID)
