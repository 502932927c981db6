# SPDX-License-Identifier: Apache-2.0
"""Random one-node graphs of the operators with weights, extremes included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from edgesdk.model.graph import DType, Graph, Tensor
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.fully_connected import FullyConnectedOptions
from edgesdk.model.tflite.transpose_conv import TransposeConvOptions
from edgesdk.ops import find_operator
from single_node import single_node_graph, tensor

Rng = np.random.Generator
ACTIVATIONS = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1")


def _pick(rng: Rng, *values: int) -> int:
    return int(rng.choice(values))


def _weights(rng: Rng, shape: tuple[int, ...], axis: int, *, zero_point: int = 0) -> Tensor:
    """int8 weights, mostly of the whole range, sometimes all at an extreme; scales per channel, or one."""
    data = rng.integers(-128, 128, shape)
    if rng.random() < 0.2:
        data = rng.choice([-128, -127, 127], shape)
    channels = shape[axis]
    if rng.random() < 0.3 or zero_point:
        return tensor(shape, scale=float(rng.uniform(0.001, 0.05)), zero_point=zero_point, axis=axis, data=data)
    scales = np.exp(rng.uniform(np.log(0.0005), np.log(0.1), channels))
    return tensor(shape, scale=[float(s) for s in scales], axis=axis, data=data)


def _bias(
    rng: Rng, source: Tensor, weights: Tensor, channels: int, reach: int, *, always: bool = False
) -> Tensor | None:
    if not always and rng.random() < 0.2:
        return None
    data = rng.integers(-reach, reach + 1, channels)
    assert weights.quantization is not None
    scales = [source.scale * s for s in weights.quantization.scale]
    return tensor((channels,), scale=scales, dtype=DType.INT32, data=data)


def _target_scale(rng: Rng, source: Tensor, weights: Tensor, taps: int) -> float:
    """A scale under which most outputs stay in range, or, now and then, a factor above 1 (a left shift)."""
    assert weights.quantization is not None
    product = source.scale * float(np.median(weights.quantization.scale))
    if rng.random() < 0.15:
        return product / float(rng.uniform(1, 100))
    return product * 70 * float(np.sqrt(taps)) * float(rng.uniform(0.3, 3))


def _source(rng: Rng, shape: tuple[int, ...]) -> Tensor:
    zero_point = _pick(rng, -128, 127, 0, int(rng.integers(-128, 128)))
    return tensor(shape, scale=float(rng.uniform(0.005, 0.1)), zero_point=zero_point)


def _finish(rng: Rng, op: str, inputs: list[Tensor | None], scale: float, options: object) -> Graph:
    """The graph with the output shape that the operator computes."""
    target = tensor((1,), scale=scale, zero_point=_pick(rng, -128, 0, int(rng.integers(-128, 128))))
    graph = single_node_graph(op, inputs, [target], options)
    (node,) = graph.nodes
    (shape,) = find_operator(op).output_shapes(graph, node)
    tensors = dict(graph.tensors) | {node.outputs[0]: replace(graph.tensor_out(node), shape=shape)}
    return replace(graph, tensors=tensors)


def random_conv_2d(
    rng: Rng, *, kernel: int | None = None, filters: int | None = None, pads: bool = False, dense: bool = False
) -> Graph:
    """A CONV_2D; `kernel` for a square one; `filters` of each group; `pads`: explicit padding, which no .tflite file
    can hold; `dense`: one group of a depth that is a multiple of four, column by column."""
    groups = 1 if dense else _pick(rng, 1, 1, 1, 2, 3)
    depth, few = 4 * int(rng.integers(1, 4)) if dense else int(rng.integers(1, 12)), int(rng.integers(1, 7))
    filters = filters or few
    kernel_h, kernel_w = (kernel, kernel) if kernel else (int(rng.integers(1, 5)), int(rng.integers(1, 5)))
    dilation_h, dilation_w = (1, 1) if kernel == 1 else (_pick(rng, 1, 1, 2), 1 if dense else _pick(rng, 1, 1, 3))
    extent_h, extent_w = (kernel_h - 1) * dilation_h + 1, (kernel_w - 1) * dilation_w + 1
    shape = (
        _pick(rng, 1, 1, 2),
        int(rng.integers(extent_h, extent_h + 7)),
        int(rng.integers(extent_w, extent_w + 9)),
        depth * groups,
    )
    source = _source(rng, shape)
    weights = _weights(rng, (filters * groups, kernel_h, kernel_w, depth), 0)
    taps = kernel_h * kernel_w * depth
    bias = _bias(rng, source, weights, filters * groups, 1000 * taps)
    options = Conv2DOptions(
        padding=str(rng.choice(["SAME", "VALID"])),
        stride_h=int(rng.integers(1, 4)),
        stride_w=1 if dense else int(rng.integers(1, 4)),
        dilation_h=dilation_h,
        dilation_w=dilation_w,
        activation=str(rng.choice(ACTIVATIONS)),
        pads=tuple(int(p) for p in rng.integers(0, 4, 4)) if pads else None,  # type: ignore[arg-type]
    )
    return _finish(rng, "CONV_2D", [source, weights, bias], _target_scale(rng, source, weights, taps), options)


def random_depthwise_conv_2d(
    rng: Rng, *, kernel: int | None = None, pads: bool = False, bias: bool = False, large: bool = False
) -> Graph:
    """A DEPTHWISE_CONV_2D; `kernel` 3 gives the shapes of the 3x3 kernel; `bias`: never without one; `large`: up to 40
    columns and 40 channels."""
    multiplier = 1 if kernel else _pick(rng, 1, 1, 2, 3)
    depth = int(rng.integers(1, 41 if large else 9))
    kernel_h, kernel_w = (kernel, kernel) if kernel else (int(rng.integers(1, 6)), int(rng.integers(1, 6)))
    dilation_h, dilation_w = (1, 1) if kernel else (_pick(rng, 1, 1, 2), _pick(rng, 1, 1, 2))
    extent_h, extent_w = (kernel_h - 1) * dilation_h + 1, (kernel_w - 1) * dilation_w + 1
    padding = str(rng.choice(["SAME", "VALID"]))
    least_h, least_w = (1, 1) if padding == "SAME" and not pads else (extent_h, extent_w)
    height, width = int(rng.integers(least_h, least_h + 8)), int(rng.integers(least_w, least_w + (38 if large else 9)))
    source = _source(rng, (_pick(rng, 1, 1, 2), height, width, depth))
    weights = _weights(rng, (1, kernel_h, kernel_w, depth * multiplier), 3)
    taps = kernel_h * kernel_w
    bias_tensor = _bias(rng, source, weights, depth * multiplier, 1000 * taps, always=bias)
    options = DepthwiseConv2DOptions(
        padding=padding,
        stride_h=int(rng.integers(1, 3)),
        stride_w=int(rng.integers(1, 3 if kernel else 4)),
        depth_multiplier=multiplier,
        dilation_h=dilation_h,
        dilation_w=dilation_w,
        activation=str(rng.choice(ACTIVATIONS)),
        pads=(2, 3, int(rng.integers(0, 2)), int(rng.integers(2, 6))) if pads else None,
    )
    scale = _target_scale(rng, source, weights, taps)
    return _finish(rng, "DEPTHWISE_CONV_2D", [source, weights, bias_tensor], scale, options)


def random_fully_connected(rng: Rng, *, filter_zero_point: bool = False) -> Graph:
    """A FULLY_CONNECTED of any input rank, items aligned with the input's rows."""
    channels, pixel, width, height = (int(rng.integers(1, 11)) for _ in range(4))
    batch = int(rng.integers(1, 4))
    keep = False
    layout = _pick(rng, 0, 1, 2, 3, 4)
    if layout == 0:  # whole maps
        shape, depth = (batch, height, width, pixel), height * width * pixel
    elif layout == 1:  # vectors
        shape, depth = (batch, width * pixel), width * pixel
        keep = bool(rng.random() < 0.3)
    elif layout == 2:  # every pixel, the leading axes kept
        shape, depth, keep = (batch, height, width, pixel), pixel, True
    elif layout == 3:  # parts of rows, flattened
        shape, depth = (batch, height, 3 * width, pixel), width * pixel
    else:  # some rows
        shape, depth = (batch, 2 * height, width, pixel), width * pixel * 2
    source = _source(rng, shape)
    zero_point = _pick(rng, -128, 127, 5) if filter_zero_point else 0
    weights = _weights(rng, (channels, depth), 0, zero_point=zero_point)
    bias = _bias(rng, source, weights, channels, 1000 * depth)
    options = FullyConnectedOptions(activation=str(rng.choice(ACTIVATIONS)), keep_num_dims=keep)
    scale = _target_scale(rng, source, weights, depth)
    return _finish(rng, "FULLY_CONNECTED", [source, weights, bias], scale, options)


def random_long_fully_connected(rng: Rng) -> Graph:
    """A FULLY_CONNECTED of vectors: up to 160 elements and 80 channels."""
    channels, depth = int(rng.integers(1, 81)), int(rng.integers(50, 161))
    source = _source(rng, (int(rng.integers(1, 3)), depth))
    weights = _weights(rng, (channels, depth), 0)
    bias = _bias(rng, source, weights, channels, 1000 * depth)
    options = FullyConnectedOptions(activation=str(rng.choice(ACTIVATIONS)), keep_num_dims=False)
    scale = _target_scale(rng, source, weights, depth)
    return _finish(rng, "FULLY_CONNECTED", [source, weights, bias], scale, options)


def random_transpose_conv(rng: Rng) -> Graph:
    """A TRANSPOSE_CONV whose output is any that a convolution would take back to the input."""
    depth, channels = int(rng.integers(1, 9)), int(rng.integers(1, 7))
    kernel_h, kernel_w, stride_h, stride_w = (int(rng.integers(1, 5)) for _ in range(4))
    padding = str(rng.choice(["SAME", "VALID"]))
    height, width = int(rng.integers(1, 6)), int(rng.integers(1, 6))

    def outputs(inputs: int, kernel: int, stride: int) -> int:
        smallest = (inputs - 1) * stride + (1 if padding == "SAME" else kernel)
        return smallest + int(rng.integers(0, stride))

    frames = _pick(rng, 1, 1, 2)
    source = _source(rng, (frames, height, width, depth))
    weights = _weights(rng, (channels, kernel_h, kernel_w, depth), 0)
    bias = _bias(rng, source, weights, channels, 1000 * depth)
    size = (frames, outputs(height, kernel_h, stride_h), outputs(width, kernel_w, stride_w), channels)
    shape = tensor((4,), scale=None, dtype=DType.INT32, data=np.array(size))
    options = TransposeConvOptions(padding, stride_h, stride_w, str(rng.choice(ACTIVATIONS)))
    scale = _target_scale(rng, source, weights, kernel_h * kernel_w * depth)
    inputs = [shape, weights, source, bias] if bias is not None else [shape, weights, source]
    return _finish(rng, "TRANSPOSE_CONV", inputs, scale, options)


def random_rectified_depthwise_conv_2d(rng: Rng, *, large: bool = False) -> Graph:
    """A 3x3 DEPTHWISE_CONV_2D as in trained networks: outputs from 0 on, scales of one magnitude."""
    graph = random_depthwise_conv_2d(rng, kernel=3, pads=bool(rng.random() < 0.2), large=large)
    (node,) = graph.nodes
    source, weights, target = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
    assert weights.quantization is not None
    assert target.quantization is not None
    spread = np.where(rng.random(len(weights.quantization.scale)) < 0.03, 64, 1)  # some too large for a short proof
    scales = [0.01 * float(s) * 2.0 ** float(rng.normal(0, 0.7)) for s in spread]
    made = source.scale * 0.01 * 2.0 ** float(rng.uniform(5, 9))
    activation = str(rng.choice(["NONE", "RELU", "RELU", "RELU", "RELU6"]))
    tensors = dict(graph.tensors) | {
        node.inputs[1]: replace(weights, quantization=replace(weights.quantization, scale=tuple(scales))),
        node.outputs[0]: replace(target, quantization=replace(target.quantization, scale=(made,), zero_point=(-128,))),
    }
    if len(node.inputs) > 2 and node.inputs[2] >= 0:
        bias = graph.tensors[node.inputs[2]]
        assert bias.quantization is not None
        products = tuple(source.scale * s for s in scales)
        tensors[node.inputs[2]] = replace(bias, quantization=replace(bias.quantization, scale=products))
    return replace(graph, tensors=tensors, nodes=(replace(node, options=replace(node.options, activation=activation)),))
