# SPDX-License-Identifier: Apache-2.0
"""What the element-wise int8 operators of two inputs share: their checks, shapes and geometry."""

from __future__ import annotations

from edgesdk.model.graph import Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator
from edgesdk.ops.broadcast import broadcast_geometry, broadcast_shape
from edgesdk.ops.operands import check_arity, check_int8, check_shapes


class BinaryInt8(Operator):
    """Element by element, two int8 operands to int8, all per-tensor quantized; either side is broadcast."""

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (2,))
        check_int8(self.name, (graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)))
        check_shapes(graph, node, self.output_shapes(graph, node))
        broadcast_geometry(graph, node)

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return (broadcast_shape(graph.tensor_in(node, 0).shape, graph.tensor_in(node, 1).shape),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return broadcast_geometry(graph, node)
