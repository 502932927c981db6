# SPDX-License-Identifier: Apache-2.0
"""What AVERAGE_POOL_2D and MAX_POOL_2D share: checks, windows, shapes and geometry."""

from __future__ import annotations

from dataclasses import dataclass

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Graph, Node, Shape
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.ops.base import Geometry, Operator, Window
from edgesdk.ops.fixed_point import activation_range
from edgesdk.ops.operands import LARGEST_AXIS, check_arity, check_int8, check_shapes


@dataclass(frozen=True)
class Axis:
    """One spatial axis of a pooling: output o reads `window` inputs from o * stride - before on."""

    inputs: int
    outputs: int
    window: int
    stride: int
    before: int

    def spans(self) -> list[tuple[int, int]]:
        """The valid input positions [from, to) of each output position; none is empty."""
        starts = [o * self.stride - self.before for o in range(self.outputs)]
        return [(max(0, s), min(self.inputs, s + self.window)) for s in starts]


def pool_axis(inputs: int, window: int, stride: int, padding: str) -> Axis:
    """An axis of a pooling; SAME and VALID as TFLite computes them (odd padding goes to the end)."""
    if padding == "SAME":
        outputs = -(-inputs // stride)
        total = max(0, (outputs - 1) * stride + window - inputs)
        return Axis(inputs, outputs, window, stride, total // 2)
    return Axis(inputs, max(0, -(-(inputs - window + 1) // stride)), window, stride, 0)


class Pool2D(Operator):
    """int8 to int8 under one quantization; input [N, H, W, C], output [N, H', W', C]."""

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (1,))
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        options: Pool2DOptions = node.options
        if len(source.shape) != 4:
            raise EdgeError(MODEL_INVALID, f"{self.name} needs four axes, not {len(source.shape)}")
        # TensorFlow Lite Micro allows the scales this difference
        if abs(source.scale - target.scale) > 1e-6 or source.zero_point != target.zero_point:
            raise EdgeError(MODEL_TYPE, f"{self.name} must keep its input's scale and zero point")
        if max(options.filter_h, options.filter_w, options.stride_h, options.stride_w) > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"{self.name} has a window or stride above {LARGEST_AXIS}")
        if min(self.output_shapes(graph, node)[0]) < 1:
            raise EdgeError(MODEL_INVALID, f"{self.name} has a window larger than its input")
        check_shapes(graph, node, self.output_shapes(graph, node))

    def axes(self, graph: Graph, node: Node) -> tuple[Axis, Axis]:
        """The vertical and the horizontal axis."""
        _, height, width, _ = graph.tensor_in(node, 0).shape
        options: Pool2DOptions = node.options
        return (
            pool_axis(height, options.filter_h, options.stride_h, options.padding),
            pool_axis(width, options.filter_w, options.stride_w, options.padding),
        )

    def activation(self, graph: Graph, node: Node) -> tuple[int, int]:
        """The interval that the fused activation leaves."""
        target = graph.tensor_out(node)
        return activation_range(node.options.activation, target.scale, target.zero_point)

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        frames, _, _, channels = graph.tensor_in(node, 0).shape
        vertical, horizontal = self.axes(graph, node)
        return ((frames, vertical.outputs, horizontal.outputs, channels),)

    def whole(self, graph: Graph, node: Node) -> bool:
        """Whether one window is the whole map: then the operator's rows are its input's, added up as they come."""
        return False

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        frames = graph.tensor_in(node, 0).shape[0]
        v, _ = self.axes(graph, node)
        if self.whole(graph, node):
            return Geometry(
                rows=frames * v.inputs,
                frame_rows=v.inputs,
                inputs={0: Window(num=1, den=1, offset=0, rows=1, frame_rows=v.inputs)},
                outputs=(Window(num=0, den=1, offset=0, rows=1, frame_rows=1),),
            )
        return Geometry(
            rows=frames * v.outputs,
            frame_rows=v.outputs,
            inputs={0: Window(num=v.stride, den=1, offset=-v.before, rows=v.window, frame_rows=v.inputs)},
            outputs=(Window(num=1, den=1, offset=0, rows=1, frame_rows=v.outputs),),
        )
