# SPDX-License-Identifier: Apache-2.0
"""STRIDED_SLICE: every stride-th element between two bounds, per axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops import strided_copy
from edgesdk.ops.base import Geometry, Operator, Part
from edgesdk.ops.operands import (
    LARGEST_AXIS,
    check_arity,
    check_int8,
    check_shapes,
    constant_integers,
    map_axis,
    map_shape,
)
from edgesdk.ops.rectangles import box
from edgesdk.ops.strided_copy import OutputAxis


class StridedSlice(Operator):
    """The operand's bounds may be negative (from the end), strides too; masks as StridedSliceOptions says."""

    name = "STRIDED_SLICE"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (4,))
        source = graph.tensor_in(node, 0)
        check_int8(self.name, (source, graph.tensor_out(node)))
        options = node.options
        if options.ellipsis_mask or options.new_axis_mask or options.offset:
            # TensorFlow Lite Micro would silently compute something else
            raise EdgeError(OP_OPTIONS, "STRIDED_SLICE has an ellipsis, a new axis or a relative end")
        rank = len(source.shape)
        if rank == 0 or any(len(bound) != rank for bound in self._bounds(graph, node)):
            raise EdgeError(OP_OPTIONS, f"STRIDED_SLICE of {list(source.shape)} has bounds for another number of axes")
        strides = self._bounds(graph, node)[2]
        if not all(0 < abs(s) <= LARGEST_AXIS for s in strides):
            raise EdgeError(MODEL_INVALID, f"STRIDED_SLICE has the strides {list(strides)}")
        for axis, (begin, length) in enumerate(self._spans(graph, node)):
            if options.shrink_axis_mask >> axis & 1 and (strides[axis] < 0 or not 0 <= begin < source.shape[axis]):
                raise EdgeError(MODEL_INVALID, f"STRIDED_SLICE takes index {begin} of an axis of {source.shape[axis]}")
            if length < 1:
                raise EdgeError(MODEL_INVALID, "STRIDED_SLICE makes no elements")
        check_shapes(graph, node, self.output_shapes(graph, node))

    def _bounds(self, graph: Graph, node: Node) -> tuple[tuple[int, ...], ...]:
        """Begin, end and strides."""
        names = ("begin", "end", "strides")
        return tuple(constant_integers(graph, node, k, name) for k, name in enumerate(names, start=1))

    def _spans(self, graph: Graph, node: Node) -> list[tuple[int, int]]:
        """First index and length, per axis of the input."""
        options = node.options
        spans = []
        shape = graph.tensor_in(node, 0).shape
        for axis, (size, begin, end, stride) in enumerate(zip(shape, *self._bounds(graph, node), strict=True)):
            if options.begin_mask >> axis & 1:
                begin = 0 if stride > 0 else size - 1
            elif begin < 0:
                begin += size
            if options.end_mask >> axis & 1:
                end = size if stride > 0 else -1
            elif end < 0:
                end += size
            low, high = (0, size) if stride > 0 else (-1, size - 1)
            begin, end = min(max(begin, low), high), min(max(end, low), high)
            length = 1 if options.shrink_axis_mask >> axis & 1 else max(0, -(-(end - begin) // stride))
            spans.append((begin, length))
        return spans

    def _axes(self, graph: Graph, node: Node) -> list[OutputAxis]:
        strides = self._bounds(graph, node)[2]
        return [
            OutputAxis(length, axis, strides[axis])
            for axis, (_, length) in enumerate(self._spans(graph, node))
            if not node.options.shrink_axis_mask >> axis & 1
        ]

    def _begin(self, graph: Graph, node: Node) -> list[int]:
        return [begin for begin, _ in self._spans(graph, node)]

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return (tuple(a.length for a in self._axes(graph, node)),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        return (np.ascontiguousarray(strided_copy.copy(x, self._begin(graph, node), self._axes(graph, node))),)

    def layout(self, graph: Graph, node: Node) -> strided_copy.Layout:
        """How the firmware copies this node."""
        shape = graph.tensor_in(node, 0).shape
        return strided_copy.layout(shape, self._begin(graph, node), self._axes(graph, node))

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return strided_copy.geometry(self.layout(graph, node))

    def parts(self, graph: Graph, node: Node) -> tuple[Part, ...]:
        source = graph.tensor_in(node, 0).shape
        spans = self._spans(graph, node)
        dense = all(s == 1 or n == 1 for s, (_, n) in zip(self._bounds(graph, node)[2], spans, strict=True))
        if not dense or node.options.shrink_axis_mask:
            return ()
        whole = map_shape(source)
        placed = {map_axis(a, len(source)): span for a, span in enumerate(spans)}
        found = box(whole, [placed.get(a, (0, 1)) for a in range(len(whole))])
        return () if found is None else (Part(node.outputs[0], node.inputs[0], *found),)


OPERATOR = StridedSlice()
