# SPDX-License-Identifier: Apache-2.0
"""PAD: surrounds a tensor with its zero point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, Window
from edgesdk.ops.operands import check_arity, check_int8, check_shapes, constant_integers, map_axis, map_shape


@dataclass(frozen=True)
class Layout:
    """A padding by rows. Each index of the leading unpadded axes is a frame.

    Args:
        frames: frames in all.
        sizes, before, padded: per remaining row axis, input length, padding before it, output length.
        x_before, c_before: padding before the pixels and before the channels.
    """

    frames: int
    sizes: tuple[int, ...]
    before: tuple[int, ...]
    padded: tuple[int, ...]
    x_before: int
    c_before: int


class Pad(Operator):
    name = "PAD"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (2,))
        self.check_operands(graph, node)

    def check_operands(self, graph: Graph, node: Node) -> None:
        """The checks that PADV2 shares."""
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        given = constant_integers(graph, node, 1, "paddings operand")
        if len(given) != 2 * len(source.shape) or min(given, default=0) < 0:
            raise EdgeError(MODEL_INVALID, f"{self.name} has the paddings {list(given)} for {list(source.shape)}")
        check_shapes(graph, node, self.output_shapes(graph, node))
        if not -128 <= self.value(graph, node) <= 127:
            raise EdgeError(MODEL_TYPE, f"the zero point of {self.name} is not an int8")

    def paddings(self, graph: Graph, node: Node) -> tuple[tuple[int, int], ...]:
        """(before, after) per axis of the tensor."""
        given = constant_integers(graph, node, 1, "paddings operand")
        return tuple(zip(given[::2], given[1::2], strict=True))

    def value(self, graph: Graph, node: Node) -> int:
        """What the new elements hold."""
        return graph.tensor_out(node).zero_point

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        shape, paddings = graph.tensor_in(node, 0).shape, self.paddings(graph, node)
        return (tuple(n + a + b for n, (a, b) in zip(shape, paddings, strict=True)),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        return (np.pad(x, self.paddings(graph, node), constant_values=self.value(graph, node)),)

    def layout(self, graph: Graph, node: Node) -> Layout:
        """How the firmware pads this node."""
        source = graph.tensor_in(node, 0)
        rank = len(source.shape)
        sizes, padded = map_shape(source.shape), map_shape(graph.tensor_out(node).shape)
        before = [0] * len(sizes)
        for axis, (first, _) in enumerate(self.paddings(graph, node)):
            before[map_axis(axis, rank)] = first
        # the last row axis stays inside the frame, so that a frame is worth a band
        leading = next((a for a in range(len(sizes) - 3) if padded[a] != sizes[a]), len(sizes) - 3)
        return Layout(
            frames=math.prod(sizes[:leading]),
            sizes=sizes[leading:-2],
            before=tuple(before[leading:-2]),
            padded=padded[leading:-2],
            x_before=before[-2],
            c_before=before[-1],
        )

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        p = self.layout(graph, node)
        in_rows, out_rows = math.prod(p.sizes), math.prod(p.padded)
        if p.sizes[1:] == p.padded[1:]:
            source = Window(num=1, den=1, offset=-p.before[0] * math.prod(p.sizes[1:]), rows=1, frame_rows=in_rows)
        else:  # two padded row axes: no affine map, so the kernel finds its row among all of the frame's
            source = Window(num=0, den=1, offset=0, rows=in_rows, frame_rows=in_rows)
        return Geometry(
            rows=p.frames * out_rows,
            frame_rows=out_rows,
            inputs={0: source},
            outputs=(Window(num=1, den=1, offset=0, rows=1, frame_rows=out_rows),),
        )


OPERATOR = Pad()
