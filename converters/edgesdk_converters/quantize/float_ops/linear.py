# SPDX-License-Identifier: Apache-2.0
"""CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV and FULLY_CONNECTED."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from keras import ops

from edgesdk.model.graph import Graph, Node
from edgesdk.ops.convolution import convolution_axes
from edgesdk_converters.quantize.float_ops.activation import activated

LAST = "channels_last"


def conv_2d(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    o = node.options

    def run(x: Any) -> Any:
        kernel = ops.transpose(operands[1], (1, 2, 3, 0))
        return ops.conv(x, kernel, (o.stride_h, o.stride_w), o.padding.lower(), LAST, (o.dilation_h, o.dilation_w))

    return _linear(graph, node, operands[0], operands[2:], run)


def depthwise_conv_2d(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    o = node.options
    channels = graph.tensor_in(node, 0).shape[-1]
    _, height, width, wide = graph.tensor_in(node, 1).shape
    kernel = ops.reshape(operands[1], (height, width, channels, wide // channels))

    def run(x: Any) -> Any:
        if o.stride_h == o.stride_w:
            strides, every = (o.stride_h, o.stride_w), (1, 1)
        else:  # TensorFlow has no depthwise convolution of two strides
            strides, every = (1, 1), (o.stride_h, o.stride_w)
        x, padding = _padded(graph, node, x) if every != (1, 1) else (x, o.padding.lower())
        y = ops.depthwise_conv(x, kernel, strides, padding, LAST, (o.dilation_h, o.dilation_w))
        return y[:, :: every[0], :: every[1]]

    return _linear(graph, node, operands[0], operands[2:], run)


def transpose_conv(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    o = node.options

    def run(x: Any) -> Any:
        kernel = ops.transpose(operands[1], (1, 2, 0, 3))
        return ops.conv_transpose(x, kernel, (o.stride_h, o.stride_w), o.padding.lower(), None, LAST)

    return _linear(graph, node, operands[2], operands[3:], run)


def fully_connected(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    x, weights = operands[0], operands[1]
    y = ops.matmul(ops.reshape(x, (-1, weights.shape[1])), ops.transpose(weights))
    return _biased(graph, node, y, operands[2:])


def _padded(graph: Graph, node: Node, x: Any) -> tuple[Any, str]:
    _, height, width, _ = graph.tensor_in(node, 1).shape
    axes = convolution_axes(graph.tensor_in(node, 0), height, width, node.options)
    return ops.pad(x, ((0, 0), *((axis.before, axis.after) for axis in axes), (0, 0))), "valid"


def _linear(graph: Graph, node: Node, x: Any, bias: Sequence[Any], run: Callable[[Any], Any]) -> Sequence[Any]:
    """`run` on [samples * frames, height, width, channels]."""
    return _biased(graph, node, run(ops.reshape(x, (-1, *x.shape[2:]))), bias)


def _biased(graph: Graph, node: Node, y: Any, bias: Sequence[Any]) -> Sequence[Any]:
    for values in bias:
        y = y + values
    return (activated(node, ops.reshape(y, (-1, *graph.tensor_out(node).shape))),)


OPERATORS = {
    "CONV_2D": conv_2d,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d,
    "FULLY_CONNECTED": fully_connected,
    "TRANSPOSE_CONV": transpose_conv,
}
