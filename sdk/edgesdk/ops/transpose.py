# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE: permutes axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops import strided_copy
from edgesdk.ops.base import Geometry, Operator
from edgesdk.ops.operands import check_arity, check_int8, check_shapes, constant_integers


class Transpose(Operator):
    name = "TRANSPOSE"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (2,))
        source = graph.tensor_in(node, 0)
        check_int8(self.name, (source, graph.tensor_out(node)))
        permutation = self.permutation(graph, node)
        if sorted(permutation) != list(range(len(source.shape))):
            raise EdgeError(
                MODEL_INVALID, f"TRANSPOSE has the permutation {list(permutation)} for {list(source.shape)}"
            )
        check_shapes(graph, node, self.output_shapes(graph, node))

    def permutation(self, graph: Graph, node: Node) -> tuple[int, ...]:
        """The input axis that each output axis is."""
        return constant_integers(graph, node, 1, "permutation")

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        shape = graph.tensor_in(node, 0).shape
        return (tuple(shape[a] for a in self.permutation(graph, node)),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        return (np.ascontiguousarray(np.transpose(x, self.permutation(graph, node))),)

    def layout(self, graph: Graph, node: Node) -> strided_copy.Layout:
        """How the firmware copies this node."""
        shape = graph.tensor_in(node, 0).shape
        axes = [strided_copy.OutputAxis(shape[a], a, 1) for a in self.permutation(graph, node)]
        return strided_copy.layout(shape, (0,) * len(shape), axes)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return strided_copy.geometry(self.layout(graph, node))


OPERATOR = Transpose()
