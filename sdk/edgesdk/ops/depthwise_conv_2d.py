# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D: int8, any kernel, stride, dilation, padding and depth multiplier."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator
from edgesdk.ops.convolution import (
    Axis,
    check_axes,
    check_four_axes,
    convolution_axes,
    convolution_geometry,
    padded_minus_zero_point,
)
from edgesdk.ops.fixed_point import wrap_int32
from edgesdk.ops.operands import LARGEST_AXIS, check_int8
from edgesdk.ops.weights import bias_values, channel_scales, check_bias, check_weights


class DepthwiseConv2D(Operator):
    """Input [N, H, W, C], weights [1, KH, KW, C * M], bias [C * M]; output [N, H', W', C * M].

    Output channel c reads input channel c // M. A zero point of per-tensor weights is ignored, as TFLite
    Micro's reference kernel does.
    """

    name = "DEPTHWISE_CONV_2D"
    zero_point_rows = True

    def check(self, graph: Graph, node: Node) -> None:
        if len(node.inputs) not in (2, 3) or min(node.inputs[:2]) < 0 or len(node.outputs) != 1:
            raise EdgeError(MODEL_INVALID, "DEPTHWISE_CONV_2D needs an input, weights, an optional bias and one output")
        source, weights, target = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        check_four_axes(self.name, source)
        check_weights(self.name, weights, rank=4, channel_axis=3)
        depth, channels = source.shape[3], weights.shape[3]
        if channels > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"DEPTHWISE_CONV_2D has more than {LARGEST_AXIS} output channels")
        if weights.shape[0] != 1 or channels != depth * node.options.depth_multiplier:
            raise EdgeError(
                MODEL_INVALID,
                f"DEPTHWISE_CONV_2D has weights of shape {list(weights.shape)} for {depth} channels and "
                f"a depth multiplier of {node.options.depth_multiplier}",
            )
        check_bias(graph, node, graph.input(node, 2), weights, source, channels)
        check_axes(self.name, self.axes(graph, node))

    def axes(self, graph: Graph, node: Node) -> tuple[Axis, Axis]:
        """The vertical and the horizontal axis."""
        _, kernel_h, kernel_w, _ = graph.tensor_in(node, 1).shape
        return convolution_axes(graph.tensor_in(node, 0), kernel_h, kernel_w, node.options)

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        vertical, horizontal = self.axes(graph, node)
        frames = graph.tensor_in(node, 0).shape[0]
        return ((frames, vertical.outputs, horizontal.outputs, graph.tensor_in(node, 1).shape[3]),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x, w = inputs[0], inputs[1]
        assert x is not None
        assert w is not None
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        vertical, horizontal = self.axes(graph, node)
        depth, channels = x.shape[3], w.shape[3]
        padded = padded_minus_zero_point(x, source.zero_point, (vertical, horizontal))
        taps = w[0].astype(np.int64).reshape(*w.shape[1:3], depth, channels // depth)
        sums = np.zeros((len(x), vertical.outputs, horizontal.outputs, depth, channels // depth), np.int64)
        for ky, rows in enumerate(vertical.taps()):
            for kx, columns in enumerate(horizontal.taps()):
                sums += padded[:, rows, columns, :, None] * taps[ky, kx]
        bias = bias_values(inputs[2] if len(inputs) > 2 else None, channels)
        flat = sums.reshape(self.output_shapes(graph, node)[0])
        return (channel_scales(graph, node, source, weights).requantize(wrap_int32(flat + bias)),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return convolution_geometry(graph.tensor_in(node, 0).shape[0], self.axes(graph, node)[0])

    def macs(self, graph: Graph, node: Node) -> int:
        _, kernel_h, kernel_w, _ = graph.tensor_in(node, 1).shape
        return graph.tensor_out(node).elements * kernel_h * kernel_w


OPERATOR = DepthwiseConv2D()
