# SPDX-License-Identifier: Apache-2.0
"""What RESHAPE, SQUEEZE and EXPAND_DIMS share: the same elements under another shape, at no cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, EdgeError
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.base import Geometry, Operator, Window
from edgesdk.ops.operands import check_arity, check_shapes


class View(Operator):
    """Any element type; input 0 holds the elements, and a further input, if any, is a constant."""

    view = True

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (1, 2))
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        if source.dtype is not target.dtype:
            raise EdgeError(MODEL_TYPE, f"{self.name} turns {source.dtype.value} elements into {target.dtype.value}")
        (shape,) = self.output_shapes(graph, node)
        if math.prod(shape) != source.elements:
            raise EdgeError(
                MODEL_INVALID,
                f"{self.name} makes {list(source.shape)} into {list(shape)}: not as many elements",
            )
        check_shapes(graph, node, (shape,))

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        return (x.reshape(graph.tensor_out(node).shape),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        def whole(rows: int) -> Window:
            return Window(num=0, den=1, offset=0, rows=rows, frame_rows=rows)

        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        return Geometry(
            rows=1,
            frame_rows=1,
            inputs={0: whole(source.rows_shape[0])},
            outputs=(whole(target.rows_shape[0]),),
        )
