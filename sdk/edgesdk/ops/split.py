# SPDX-License-Identifier: Apache-2.0
"""SPLIT: cuts a tensor into equal parts along an axis. Operand 0 is the axis, operand 1 the tensor."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, Part, Window
from edgesdk.ops.operands import (
    check_arity,
    check_int8,
    check_shapes,
    constant_integers,
    map_axis,
    map_shape,
    resolve_axis,
)
from edgesdk.ops.rectangles import corner


class Split(Operator):
    name = "SPLIT"

    def check(self, graph: Graph, node: Node) -> None:
        parts = node.options.num_splits
        check_arity(node, (2,), parts)
        source = graph.tensor_in(node, 1)
        check_int8(self.name, (source, *(graph.tensor_out(node, k) for k in range(parts))))
        length = source.shape[self.tensor_axis(graph, node)]
        if length % parts:
            raise EdgeError(MODEL_INVALID, f"SPLIT cuts an axis of {length} into {parts} parts")
        check_shapes(graph, node, self.output_shapes(graph, node))

    def tensor_axis(self, graph: Graph, node: Node) -> int:
        """The axis of the input tensor that is cut."""
        given = constant_integers(graph, node, 0, "axis")
        if len(given) != 1:
            raise EdgeError(MODEL_INVALID, f"SPLIT has {len(given)} axes")
        return resolve_axis(self.name, given[0], len(graph.tensor_in(node, 1).shape))

    def axis(self, graph: Graph, node: Node) -> int:
        """The axis of the input's `map_shape` that is cut."""
        return map_axis(self.tensor_axis(graph, node), len(graph.tensor_in(node, 1).shape))

    def from_end(self, graph: Graph, node: Node) -> int:
        """The cut axis of the map, counted from its end: 1 channels, 2 width, else rows."""
        return len(map_shape(graph.tensor_in(node, 1).shape)) - self.axis(graph, node)

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        shape, axis = graph.tensor_in(node, 1).shape, self.tensor_axis(graph, node)
        parts: int = node.options.num_splits
        return ((*shape[:axis], shape[axis] // parts, *shape[axis + 1 :]),) * parts

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[1]
        assert x is not None
        return tuple(np.split(x, node.options.num_splits, axis=self.tensor_axis(graph, node)))

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        shape, axis, parts = (
            map_shape(graph.tensor_in(node, 1).shape),
            self.axis(graph, node),
            node.options.num_splits,
        )
        if self.from_end(graph, node) <= 2:
            rows = math.prod(shape[:-2])
            one = Window(num=1, den=1, offset=0, rows=1, frame_rows=rows)
            return Geometry(rows=rows, frame_rows=rows, inputs={1: one}, outputs=(one,) * parts)
        total = math.prod(shape[axis:-2])
        part = total // parts
        return Geometry(
            rows=math.prod(shape[:-2]),
            frame_rows=total,
            inputs={1: Window(num=1, den=1, offset=0, rows=1, frame_rows=total)},
            outputs=tuple(Window(num=1, den=1, offset=-k * part, rows=1, frame_rows=part) for k in range(parts)),
        )

    def parts(self, graph: Graph, node: Node) -> tuple[Part, ...]:
        whole, axis = map_shape(graph.tensor_in(node, 1).shape), self.axis(graph, node)
        length = whole[axis] // node.options.num_splits
        corners = [corner(whole, axis, k * length) for k in range(node.options.num_splits)]
        return tuple(Part(t, node.inputs[1], *c) for t, c in zip(node.outputs, corners, strict=True) if c is not None)


OPERATOR = Split()
