# SPDX-License-Identifier: Apache-2.0
"""example.Threshold: checks, shapes, and the reference that every kernel must equal bit for bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edge_threshold.codec import NAME
from edgesdk.errors import MODEL_TYPE, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, plain_rows
from edgesdk.ops.operands import check_arity, check_int8, check_shapes


class Threshold(Operator):
    """int8 to int8 under one quantization: q where its real value is the threshold or more, else the zero point."""

    name = NAME

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (1,))
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        if source.quantization != target.quantization:
            raise EdgeError(MODEL_TYPE, f"{self.name} must keep its input's scale and zero point")
        check_shapes(graph, node, self.output_shapes(graph, node))

    def least(self, graph: Graph, node: Node) -> int:
        """The least int8 value that stays, in [-128, 128]; 128: none."""
        source = graph.tensor_in(node, 0)
        steps = np.ceil(node.options.threshold / source.scale) + source.zero_point
        return int(np.clip(steps, -128, 128))

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return (graph.tensor_in(node, 0).shape,)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        zero = np.int8(graph.tensor_in(node, 0).zero_point)
        return (np.where(x.astype(np.int32) >= self.least(graph, node), x, zero),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return plain_rows(graph, node, (0,))
