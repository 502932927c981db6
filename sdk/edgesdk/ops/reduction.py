# SPDX-License-Identifier: Apache-2.0
"""What MEAN and SUM share: checks, shapes, how rows fall on outputs, TensorFlow Lite Micro's arithmetic."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, Window
from edgesdk.ops.fixed_point import multiply_by_quantized_multiplier, wrap_int32
from edgesdk.ops.operands import (
    check_arity,
    check_int8,
    check_shapes,
    constant_integers,
    map_axis,
    map_shape,
    resolve_axis,
)


@dataclass(frozen=True)
class Layout:
    """Where each input element's sum lies. A frame is the least run of rows that makes whole output rows.

    The output element (counted densely in its frame) of input row y, pixel x, channel c of a frame is
    sum(digit_k(y) * row_steps[k]) + x * x_step + c * c_step, with y written in mixed radix row_sizes.

    Args:
        frames: frames in all.
        in_rows, out_rows: rows of one frame.
        elements: output elements of one frame.
        count: input elements in each sum.
    """

    frames: int
    in_rows: int
    out_rows: int
    row_sizes: tuple[int, ...]
    row_steps: tuple[int, ...]
    x_step: int
    c_step: int
    elements: int
    count: int


class Reduction(Operator):
    """int8 to int8 over constant axes."""

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (2,))
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        if not source.shape:
            raise EdgeError(OP_OPTIONS, f"{self.name} of a scalar")
        check_shapes(graph, node, self.output_shapes(graph, node))
        if self.count(graph, node) * 255 >= 1 << 31:
            raise EdgeError(OP_OPTIONS, f"{self.name} over so many elements overflows its 32-bit sums")

    def axes(self, graph: Graph, node: Node) -> tuple[int, ...]:
        """The reduced axes, sorted, without repeats."""
        rank = len(graph.tensor_in(node, 0).shape)
        given = constant_integers(graph, node, 1, "axes operand")
        return tuple(sorted({resolve_axis(self.name, a, rank) for a in given}))

    def count(self, graph: Graph, node: Node) -> int:
        """Elements in each sum."""
        shape = graph.tensor_in(node, 0).shape
        return math.prod(shape[a] for a in self.axes(graph, node))

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        shape, axes = graph.tensor_in(node, 0).shape, self.axes(graph, node)
        if node.options.keep_dims:
            return (tuple(1 if a in axes else n for a, n in enumerate(shape)),)
        return (tuple(n for a, n in enumerate(shape) if a not in axes),)

    @abstractmethod
    def scaling(self, graph: Graph, node: Node) -> tuple[int, int]:
        """Multiplier and shift that take (sum of the elements - count * zero point) to the output's scale."""

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        sums = x.astype(np.int64).sum(axis=self.axes(graph, node))
        centred = wrap_int32(sums - source.zero_point * self.count(graph, node))
        scaled = wrap_int32(multiply_by_quantized_multiplier(centred, *self.scaling(graph, node)) + target.zero_point)
        return (np.clip(scaled, -128, 127).astype(np.int8).reshape(target.shape),)

    def layout(self, graph: Graph, node: Node) -> Layout:
        """How the firmware accumulates this node."""
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        rank = len(source.shape)
        shape = map_shape(source.shape)
        reduced = {map_axis(a, rank) for a in self.axes(graph, node)}

        # leading axes that both sides keep as row axes: each of their indices is a frame
        shared = min(len(shape), len(map_shape(target.shape))) - 2
        if len(target.shape) < 2:
            shared = 0
        leading = next((a for a in range(shared) if a in reduced), shared)
        frames = math.prod(shape[:leading])

        steps = [0] * len(shape)
        step = 1
        for a in reversed(range(leading, len(shape))):
            if a not in reduced:
                steps[a] = step
                step *= shape[a]
        return Layout(
            frames=frames,
            in_rows=source.rows_shape[0] // frames,
            out_rows=target.rows_shape[0] // frames,
            row_sizes=shape[leading:-2],
            row_steps=tuple(steps[leading:-2]),
            x_step=steps[-2],
            c_step=steps[-1],
            elements=step,
            count=self.count(graph, node),
        )

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        p = self.layout(graph, node)
        return Geometry(
            rows=p.frames * p.in_rows,
            frame_rows=p.in_rows,
            inputs={0: Window(num=1, den=1, offset=0, rows=1, frame_rows=p.in_rows)},
            outputs=(Window(num=0, den=1, offset=0, rows=p.out_rows, frame_rows=p.out_rows),),
        )
