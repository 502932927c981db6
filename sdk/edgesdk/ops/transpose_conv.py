# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE_CONV: int8, any kernel and stride; the gradient of a convolution with respect to its input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, Window
from edgesdk.ops.convolution import check_four_axes, output_size, same_padding
from edgesdk.ops.fixed_point import wrap_int32
from edgesdk.ops.operands import LARGEST_AXIS, check_int8, constant_integers
from edgesdk.ops.weights import bias_values, channel_scales, check_bias, check_weights

WEIGHTS, INPUT, BIAS = 1, 2, 3


@dataclass(frozen=True)
class TransposedAxis:
    """One spatial axis: input i adds to the outputs i * stride - before + k, k in [0, kernel), that exist."""

    inputs: int
    outputs: int
    kernel: int
    stride: int
    before: int

    @property
    def taps(self) -> int:
        """The most inputs that one output reads."""
        return -(-self.kernel // self.stride)


class TransposeConv(Operator):
    """Output shape [4] int32, weights [O, KH, KW, C], input [N, H, W, C], bias [O]; output [N, H', W', O].

    A zero point of per-tensor weights is ignored, as TFLite Micro's reference kernel does.
    """

    name = "TRANSPOSE_CONV"

    def check(self, graph: Graph, node: Node) -> None:
        if len(node.inputs) not in (3, 4) or min(node.inputs[:3]) < 0 or len(node.outputs) != 1:
            raise EdgeError(
                MODEL_INVALID,
                "TRANSPOSE_CONV needs an output shape, weights, an input, an optional bias and one output",
            )
        source, weights, target = (
            graph.tensor_in(node, INPUT),
            graph.tensor_in(node, WEIGHTS),
            graph.tensor_out(node),
        )
        check_int8(self.name, (source, target))
        check_four_axes(self.name, source)
        check_weights(self.name, weights, rank=4, channel_axis=0)
        channels, _, _, depth = weights.shape
        if depth != source.shape[3]:
            raise EdgeError(
                MODEL_INVALID, f"TRANSPOSE_CONV has {source.shape[3]} input channels for weights of {depth}"
            )
        shape = constant_integers(graph, node, 0, "output shape")
        if len(shape) != 4 or shape[0] != source.shape[0] or shape[3] != channels or min(shape) < 1:
            raise EdgeError(MODEL_INVALID, f"TRANSPOSE_CONV cannot make the shape {list(shape)}")
        if max(*shape, *weights.shape, node.options.stride_h, node.options.stride_w) > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"TRANSPOSE_CONV has an axis or stride above {LARGEST_AXIS}")
        check_bias(graph, node, graph.input(node, BIAS), weights, source, channels)
        for axis in self.axes(graph, node):
            if output_size(axis.outputs, axis.kernel, axis.stride, 1, node.options.padding) != axis.inputs:
                raise EdgeError(
                    MODEL_INVALID,
                    f"TRANSPOSE_CONV cannot make {axis.outputs} positions of {axis.inputs}",
                    why="the convolution that it reverses makes another number",
                )

    def axes(self, graph: Graph, node: Node) -> tuple[TransposedAxis, TransposedAxis]:
        """The vertical and the horizontal axis."""
        _, height, width, _ = graph.tensor_in(node, INPUT).shape
        _, kernel_h, kernel_w, _ = graph.tensor_in(node, WEIGHTS).shape
        _, out_h, out_w, _ = self.output_shapes(graph, node)[0]

        def axis(inputs: int, outputs: int, kernel: int, stride: int) -> TransposedAxis:
            # Padding is that of the convolution which it reverses
            before = 0
            if node.options.padding == "SAME":
                before, _ = same_padding(outputs, -(-outputs // stride), kernel, stride, 1)
            return TransposedAxis(inputs, outputs, kernel, stride, before)

        return (
            axis(height, out_h, kernel_h, node.options.stride_h),
            axis(width, out_w, kernel_w, node.options.stride_w),
        )

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return (constant_integers(graph, node, 0, "output shape"),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x, w = inputs[INPUT], inputs[WEIGHTS]
        assert x is not None
        assert w is not None
        source, weights = graph.tensor_in(node, INPUT), graph.tensor_in(node, WEIGHTS)
        vertical, horizontal = self.axes(graph, node)
        channels = w.shape[0]
        # A frame into which every tap of every input falls; the output is a part of it.
        # Doubles hold the sums exactly (|sum| < 2^53), and their matrix product is fast.
        frame_h, frame_w = (
            max((a.inputs - 1) * a.stride + a.kernel, a.before + a.outputs) for a in (vertical, horizontal)
        )
        frame = np.zeros((len(x), frame_h, frame_w, channels))
        centred = x.astype(np.float64) - source.zero_point
        for ky in range(vertical.kernel):
            rows = slice(ky, ky + (vertical.inputs - 1) * vertical.stride + 1, vertical.stride)
            for kx in range(horizontal.kernel):
                columns = slice(kx, kx + (horizontal.inputs - 1) * horizontal.stride + 1, horizontal.stride)
                frame[:, rows, columns] += centred @ w[:, ky, kx].T.astype(np.float64)
        top, left = vertical.before, horizontal.before
        sums = frame[:, top : top + vertical.outputs, left : left + horizontal.outputs].astype(np.int64)
        bias = bias_values(inputs[BIAS] if len(inputs) > BIAS else None, channels)
        return (channel_scales(graph, node, source, weights).requantize(wrap_int32(sums + bias)),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        frames = graph.tensor_in(node, INPUT).shape[0]
        axis, _ = self.axes(graph, node)
        # Output y reads inputs from ceil((y + before - kernel + 1) / stride)
        first = axis.before - axis.kernel + axis.stride
        return Geometry(
            rows=frames * axis.outputs,
            frame_rows=axis.outputs,
            inputs={INPUT: Window(1, axis.stride, first, axis.taps, axis.inputs)},
            outputs=(Window(1, 1, 0, 1, axis.outputs),),
        )

    def macs(self, graph: Graph, node: Node) -> int:
        source = graph.tensor_in(node, INPUT)
        return source.elements // source.shape[3] * graph.tensor_in(node, WEIGHTS).elements


OPERATOR = TransposeConv()
