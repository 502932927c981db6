# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convolution_nodes import random_conv_2d
from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS
from edgesdk.model.graph import Array, DType, Graph, Quantization
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.ops.conv_2d import OPERATOR
from oracle import run_oracle
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


def slow_conv_2d(graph: Graph, x: Array) -> Array:
    """The definition, one multiplication at a time."""
    (node,) = graph.nodes
    source, weights, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
    assert weights.data is not None
    options: Conv2DOptions = node.options
    frames, height, width, _ = x.shape
    channels, kernel_h, kernel_w, depth = weights.shape
    _, out_h, out_w, _ = graph.tensor_out(node).shape
    if options.pads is not None:
        top, _, left, _ = options.pads
    elif options.padding == "SAME":
        top = max(0, (out_h - 1) * options.stride_h + (kernel_h - 1) * options.dilation_h + 1 - height) // 2
        left = max(0, (out_w - 1) * options.stride_w + (kernel_w - 1) * options.dilation_w + 1 - width) // 2
    else:
        top = left = 0
    per_group = channels * depth // x.shape[3]
    out = np.zeros((frames, out_h, out_w, channels), np.int8)
    for n, oy, ox, c in np.ndindex(*out.shape):
        total = 0 if bias is None or bias.data is None else int(bias.data[c])
        for ky, kx, k in np.ndindex(kernel_h, kernel_w, depth):
            y = oy * options.stride_h - top + ky * options.dilation_h
            z = ox * options.stride_w - left + kx * options.dilation_w
            if 0 <= y < height and 0 <= z < width:
                value = int(x[n, y, z, c // per_group * depth + k]) - source.zero_point
                total += value * int(weights.data[c, ky, kx, k])
        out[n, oy, ox, c] = scalar_requantize(graph, total, channel_factor(graph, source, weights, c))
    return out


@pytest.mark.parametrize("pads", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_reference_is_the_definition(seed: int, pads: bool) -> None:
    rng = np.random.default_rng(seed)
    graph = random_conv_2d(rng, pads=pads)
    (x,) = inputs_of(rng, graph)
    np.testing.assert_array_equal(run(graph, [x]), slow_conv_2d(graph, x))


def test_reference_is_tflite_micro() -> None:
    check_against_oracle(random_conv_2d, range(100, 160))
    check_against_oracle(lambda rng: random_conv_2d(rng, kernel=1), range(20))


def small_conv_2d() -> Graph:
    """4x5x4 to 6 channels in two groups, 3x3, per channel."""
    rng = np.random.default_rng(1)
    source = tensor((1, 4, 5, 4), scale=0.1, zero_point=3)
    weights = tensor((6, 3, 3, 2), scale=[0.01] * 6, data=rng.integers(-127, 128, (6, 3, 3, 2)))
    bias = tensor((6,), scale=[0.001] * 6, dtype=DType.INT32, data=rng.integers(-9, 9, 6))
    target = tensor((1, 4, 5, 6), scale=0.2)
    return single_node_graph("CONV_2D", [source, weights, bias], [target], Conv2DOptions("SAME", 1, 1))


def test_geometry_of_frames_and_macs() -> None:
    graph = small_conv_2d()
    geometry = OPERATOR.geometry(graph, graph.nodes[0])
    assert (geometry.rows, geometry.frame_rows) == (4, 4)
    window = geometry.inputs[0]
    assert (window.num, window.den, window.offset, window.rows, window.frame_rows) == (1, 1, -1, 3, 4)
    assert OPERATOR.macs(graph, graph.nodes[0]) == 4 * 5 * 6 * 3 * 3 * 2


def test_sums_wrap_like_int32() -> None:
    source = tensor((1, 1, 1, 1), scale=1.0)
    weights = tensor((1, 1, 1, 1), scale=1.0, data=np.array([127]))
    bias = tensor((1,), scale=1.0, dtype=DType.INT32, data=np.array([2**31 - 1]))
    target = tensor((1, 1, 1, 1), scale=2.0**24)
    graph = single_node_graph("CONV_2D", [source, weights, bias], [target], Conv2DOptions("VALID", 1, 1))
    x = np.full((1, 1, 1, 1), 1, np.int8)
    assert run(graph, [x]) == slow_conv_2d(graph, x) == -128
    np.testing.assert_array_equal(run_oracle(graph, [x])[0], run(graph, [x]))


def test_a_weight_zero_point_is_ignored_as_in_tflite_micro() -> None:
    graph = small_conv_2d()
    graph = changed(graph, 1, quantization=Quantization((0.01,), (7,)))
    graph = changed(graph, 2, quantization=None)
    inputs = inputs_of(np.random.default_rng(2), graph)
    np.testing.assert_array_equal(run(graph, inputs), run_oracle(graph, inputs)[0])


def test_a_mobilenet_layer_takes_no_time() -> None:
    rng = np.random.default_rng(3)
    source = tensor((1, 112, 112, 32), scale=0.1)
    weights = tensor((64, 3, 3, 32), scale=0.01, data=rng.integers(-127, 128, (64, 3, 3, 32)))
    target = tensor((1, 112, 112, 64), scale=2.0)
    graph = single_node_graph("CONV_2D", [source, weights], [target], Conv2DOptions("SAME", 1, 1))
    (x,) = inputs_of(rng, graph)
    assert run(graph, [x]).shape == (1, 112, 112, 64)  # 231 M multiply-accumulates


def test_refusals() -> None:
    graph = small_conv_2d()
    node = graph.nodes[0]
    weights = graph.tensor_in(node, 1)
    assert "not constant" in refused(replace(changed(graph, 1, data=None), inputs=(0, 1)), OP_OPTIONS)
    refused(changed(graph, 1, quantization=None), MODEL_TYPE)
    refused(changed(graph, 1, quantization=Quantization((0.01,) * 6, (0,) * 5 + (1,))), MODEL_TYPE)
    refused(changed(graph, 1, quantization=Quantization((0.01,) * 6, (0,) * 6, axis=3)), MODEL_TYPE)
    refused(changed(graph, 1, quantization=Quantization((0.01,) * 5, (0,) * 5)), MODEL_TYPE)
    refused(changed(graph, 1, shape=(6, 9, 2)), MODEL_INVALID)
    refused(changed(graph, 1, shape=(6, 3, 3, 3)), MODEL_INVALID)  # 3 does not divide 4 input channels
    odd = weights.data[:5] if weights.data is not None else None
    refused(
        changed(graph, 1, shape=(5, 3, 3, 2), data=odd, quantization=Quantization((0.01,), (0,))),
        MODEL_INVALID,
    )
    refused(changed(graph, 2, dtype=DType.INT64), MODEL_TYPE)
    refused(changed(graph, 2, shape=(5,)), MODEL_INVALID)
    refused(changed(graph, 2, quantization=Quantization((1.0,), (0,))), MODEL_INVALID)
    refused(changed(graph, 0, dtype=DType.INT16), MODEL_TYPE)
    refused(changed(graph, 0, shape=(20, 4)), OP_OPTIONS)
    refused(with_options(graph, padding="VALID", dilation_h=2), MODEL_INVALID)  # five rows of four
    refused(with_options(graph, dilation_w=40000), OP_OPTIONS)
    refused(with_options(graph, stride_w=40000), OP_OPTIONS)
    assert "4, 5, 6" in refused(
        replace(graph, nodes=(replace(node, options=replace(node.options, stride_h=2)),)), MODEL_INVALID
    )
    refused(replace(graph, nodes=(replace(node, inputs=(0, -1, 2)),)), MODEL_INVALID)
