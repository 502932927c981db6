# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from convolution_nodes import random_depthwise_conv_2d
from edgesdk.errors import MODEL_INVALID, MODEL_TYPE
from edgesdk.model.graph import Array, DType, Graph, Quantization
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.ops.depthwise_conv_2d import OPERATOR
from single_node import single_node_graph, tensor
from weight_checks import (
    changed,
    channel_factor,
    check_against_oracle,
    inputs_of,
    refused,
    run,
    scalar_requantize,
    with_options,
)


def slow_depthwise_conv_2d(graph: Graph, x: Array) -> Array:
    """The definition, one multiplication at a time."""
    (node,) = graph.nodes
    source, weights, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
    assert weights.data is not None
    options: DepthwiseConv2DOptions = node.options
    frames, height, width, _ = x.shape
    _, kernel_h, kernel_w, channels = weights.shape
    _, out_h, out_w, _ = graph.tensor_out(node).shape
    if options.pads is not None:
        top, _, left, _ = options.pads
    elif options.padding == "SAME":
        top = max(0, (out_h - 1) * options.stride_h + (kernel_h - 1) * options.dilation_h + 1 - height) // 2
        left = max(0, (out_w - 1) * options.stride_w + (kernel_w - 1) * options.dilation_w + 1 - width) // 2
    else:
        top = left = 0
    out = np.zeros((frames, out_h, out_w, channels), np.int8)
    for n, oy, ox, c in np.ndindex(*out.shape):
        total = 0 if bias is None or bias.data is None else int(bias.data[c])
        for ky, kx in np.ndindex(kernel_h, kernel_w):
            y = oy * options.stride_h - top + ky * options.dilation_h
            z = ox * options.stride_w - left + kx * options.dilation_w
            if 0 <= y < height and 0 <= z < width:
                value = int(x[n, y, z, c // options.depth_multiplier]) - source.zero_point
                total += value * int(weights.data[0, ky, kx, c])
        out[n, oy, ox, c] = scalar_requantize(graph, total, channel_factor(graph, source, weights, c))
    return out


@pytest.mark.parametrize("pads", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_reference_is_the_definition(seed: int, pads: bool) -> None:
    rng = np.random.default_rng(seed)
    graph = random_depthwise_conv_2d(rng, pads=pads)
    (x,) = inputs_of(rng, graph)
    np.testing.assert_array_equal(run(graph, [x]), slow_depthwise_conv_2d(graph, x))


def test_reference_is_tflite_micro() -> None:
    # Always with a bias: without one TFLite Micro's preparation reads a null pointer.
    check_against_oracle(lambda rng: random_depthwise_conv_2d(rng, bias=True), range(60))
    check_against_oracle(lambda rng: random_depthwise_conv_2d(rng, kernel=3, bias=True), range(40))


def small_depthwise_conv_2d() -> Graph:
    """4x5x3 to 6 channels, 3x3, per channel."""
    rng = np.random.default_rng(1)
    source = tensor((1, 4, 5, 3), scale=0.1, zero_point=3)
    weights = tensor((1, 3, 3, 6), scale=[0.01] * 6, axis=3, data=rng.integers(-127, 128, (1, 3, 3, 6)))
    bias = tensor((6,), scale=[0.001] * 6, dtype=DType.INT32, data=rng.integers(-9, 9, 6))
    target = tensor((1, 4, 5, 6), scale=0.2)
    options = DepthwiseConv2DOptions("SAME", 1, 1, depth_multiplier=2)
    return single_node_graph("DEPTHWISE_CONV_2D", [source, weights, bias], [target], options)


def test_macs() -> None:
    graph = small_depthwise_conv_2d()
    assert OPERATOR.macs(graph, graph.nodes[0]) == 4 * 5 * 6 * 3 * 3


def test_refusals() -> None:
    graph = small_depthwise_conv_2d()
    refused(with_options(graph, depth_multiplier=1), MODEL_INVALID)
    refused(changed(graph, 1, shape=(3, 3, 1, 6)), MODEL_INVALID)
    refused(changed(graph, 1, quantization=Quantization((0.01,) * 6, (0,) * 6, axis=0)), MODEL_TYPE)
    refused(changed(graph, 1, dtype=DType.UINT8), MODEL_TYPE)
    refused(with_options(graph, padding="VALID", dilation_h=2), MODEL_INVALID)
