# SPDX-License-Identifier: Apache-2.0
"""CONCATENATION: joins tensors of one quantization along an axis.

TensorFlow Lite Micro's int8 kernel does not requantize: it refuses inputs whose scale or zero point is
not the output's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, Part, Window, plain_rows
from edgesdk.ops.operands import check_arity, check_int8, check_shapes, map_axis, map_shape, resolve_axis
from edgesdk.ops.rectangles import corner


class Concatenation(Operator):
    name = "CONCATENATION"

    def check(self, graph: Graph, node: Node) -> None:
        if not node.inputs:
            raise EdgeError(MODEL_INVALID, "CONCATENATION has no inputs")
        check_arity(node, (len(node.inputs),))
        sources = [graph.tensor_in(node, k) for k in range(len(node.inputs))]
        target = graph.tensor_out(node)
        check_int8(self.name, (*sources, target))
        if any(s.scale != target.scale or s.zero_point != target.zero_point for s in sources):
            raise EdgeError(MODEL_TYPE, "CONCATENATION joins tensors of different scales or zero points")
        if node.options.activation != "NONE":
            raise EdgeError(OP_OPTIONS, "CONCATENATION has a fused activation")
        first = sources[0].shape
        axis = resolve_axis(self.name, node.options.axis, len(first))
        for source in sources[1:]:
            if len(source.shape) != len(first) or any(
                a != b for k, (a, b) in enumerate(zip(source.shape, first, strict=True)) if k != axis
            ):
                raise EdgeError(
                    MODEL_INVALID,
                    f"CONCATENATION joins {list(first)} and {list(source.shape)} along axis {axis}",
                )
        check_shapes(graph, node, self.output_shapes(graph, node))

    def axis(self, graph: Graph, node: Node) -> int:
        """The axis of the inputs' `map_shape` along which they are joined."""
        rank = len(graph.tensor_in(node, 0).shape)
        return map_axis(resolve_axis(self.name, node.options.axis, rank), rank)

    def from_end(self, graph: Graph, node: Node) -> int:
        """The joined axis of the map, counted from its end: 1 channels, 2 width, else rows."""
        return len(map_shape(graph.tensor_in(node, 0).shape)) - self.axis(graph, node)

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        shapes = [graph.tensor_in(node, k).shape for k in range(len(node.inputs))]
        axis = resolve_axis(self.name, node.options.axis, len(shapes[0]))
        total = sum(s[axis] for s in shapes)
        return ((*shapes[0][:axis], total, *shapes[0][axis + 1 :]),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        parts = [x for x in inputs if x is not None]
        return (np.concatenate(parts, axis=node.options.axis),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        shapes = [map_shape(graph.tensor_in(node, k).shape) for k in range(len(node.inputs))]
        axis = self.axis(graph, node)
        if self.from_end(graph, node) <= 2:
            return plain_rows(graph, node, range(len(shapes)))
        # axes before the joined one are frames; axes behind it make each of its indices several rows
        rows = [math.prod(s[axis:-2]) for s in shapes]
        starts = [0, *accumulate(rows)]
        total = starts[-1]
        return Geometry(
            rows=math.prod(shapes[0][:axis]) * total,
            frame_rows=total,
            inputs={k: Window(num=1, den=1, offset=-starts[k], rows=1, frame_rows=n) for k, n in enumerate(rows)},
            outputs=(Window(num=1, den=1, offset=0, rows=1, frame_rows=total),),
        )

    def parts(self, graph: Graph, node: Node) -> tuple[Part, ...]:
        whole, axis = map_shape(graph.tensor_out(node).shape), self.axis(graph, node)
        lengths = [map_shape(graph.tensor_in(node, k).shape)[axis] for k in range(len(node.inputs))]
        corners = [corner(whole, axis, start) for start in accumulate(lengths[:-1], initial=0)]
        return tuple(Part(t, node.outputs[0], *c) for t, c in zip(node.inputs, corners, strict=True) if c is not None)


OPERATOR = Concatenation()
