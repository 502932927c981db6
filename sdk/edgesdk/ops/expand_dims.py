# SPDX-License-Identifier: Apache-2.0
"""EXPAND_DIMS: inserts an axis of length 1."""

from __future__ import annotations

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.graph import Graph, Node, Shape
from edgesdk.ops.operands import check_arity, constant_integers, resolve_axis
from edgesdk.ops.view import View


class ExpandDims(View):
    name = "EXPAND_DIMS"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (2,))
        super().check(graph, node)

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        shape = graph.tensor_in(node, 0).shape
        given = constant_integers(graph, node, 1, "axis")
        if len(given) != 1:
            raise EdgeError(MODEL_INVALID, f"EXPAND_DIMS has {len(given)} axes")
        axis = resolve_axis(self.name, given[0], len(shape) + 1)
        return ((*shape[:axis], 1, *shape[axis:]),)


OPERATOR = ExpandDims()
