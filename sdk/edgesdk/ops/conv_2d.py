# SPDX-License-Identifier: Apache-2.0
"""CONV_2D: int8, any kernel, stride, dilation, padding and number of groups."""

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


class Conv2D(Operator):
    """Input [N, H, W, C], weights [O, KH, KW, C / groups], bias [O]; output [N, H', W', O].

    A zero point of per-tensor weights is ignored, as TFLite Micro's reference kernel does.
    """

    name = "CONV_2D"
    zero_point_rows = True

    def check(self, graph: Graph, node: Node) -> None:
        if len(node.inputs) not in (2, 3) or min(node.inputs[:2]) < 0 or len(node.outputs) != 1:
            raise EdgeError(MODEL_INVALID, "CONV_2D needs an input, weights, an optional bias and one output")
        source, weights, target = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        check_four_axes(self.name, source)
        check_weights(self.name, weights, rank=4, channel_axis=0)
        channels, group_depth = weights.shape[0], weights.shape[3]
        if channels > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"CONV_2D has more than {LARGEST_AXIS} output channels")
        if source.shape[3] % group_depth != 0:
            raise EdgeError(MODEL_INVALID, f"CONV_2D has {source.shape[3]} input channels for weights of {group_depth}")
        groups = source.shape[3] // group_depth
        if channels % groups != 0:
            raise EdgeError(MODEL_INVALID, f"CONV_2D has {channels} output channels in {groups} groups")
        check_bias(graph, node, graph.input(node, 2), weights, source, channels)
        check_axes(self.name, self.axes(graph, node))

    def axes(self, graph: Graph, node: Node) -> tuple[Axis, Axis]:
        """The vertical and the horizontal axis."""
        _, kernel_h, kernel_w, _ = graph.tensor_in(node, 1).shape
        return convolution_axes(graph.tensor_in(node, 0), kernel_h, kernel_w, node.options)

    def groups(self, graph: Graph, node: Node) -> int:
        return graph.tensor_in(node, 0).shape[3] // graph.tensor_in(node, 1).shape[3]

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        vertical, horizontal = self.axes(graph, node)
        frames = graph.tensor_in(node, 0).shape[0]
        return ((frames, vertical.outputs, horizontal.outputs, graph.tensor_in(node, 1).shape[0]),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x, w = inputs[0], inputs[1]
        assert x is not None
        assert w is not None
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        vertical, horizontal = self.axes(graph, node)
        channels, _, _, group_depth = w.shape
        groups = self.groups(graph, node)
        # Doubles hold the sums exactly (|sum| < 2^53), and their matrix product is fast.
        padded = padded_minus_zero_point(x, source.zero_point, (vertical, horizontal)).astype(np.float64)
        pixels = len(x) * vertical.outputs * horizontal.outputs
        sums = np.zeros((groups, pixels, channels // groups))
        for ky, rows in enumerate(vertical.taps()):
            for kx, columns in enumerate(horizontal.taps()):
                seen = padded[:, rows, columns].reshape(pixels, groups, group_depth).transpose(1, 0, 2)
                tap = w[:, ky, kx].reshape(groups, channels // groups, group_depth).transpose(0, 2, 1)
                sums += seen @ tap.astype(np.float64)
        flat = sums.transpose(1, 0, 2).reshape(pixels, channels).astype(np.int64)
        bias = bias_values(inputs[2] if len(inputs) > 2 else None, channels)
        outputs = channel_scales(graph, node, source, weights).requantize(wrap_int32(flat + bias))
        return (outputs.reshape(self.output_shapes(graph, node)[0]),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return convolution_geometry(graph.tensor_in(node, 0).shape[0], self.axes(graph, node)[0])

    def macs(self, graph: Graph, node: Node) -> int:
        channels = graph.tensor_in(node, 1).shape[0]
        return graph.tensor_out(node).elements * (graph.tensor_in(node, 1).elements // channels)


OPERATOR = Conv2D()
