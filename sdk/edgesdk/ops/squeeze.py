# SPDX-License-Identifier: Apache-2.0
"""SQUEEZE: drops axes of length 1."""

from __future__ import annotations

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.graph import Graph, Node, Shape
from edgesdk.ops.operands import resolve_axis
from edgesdk.ops.view import View


class Squeeze(View):
    name = "SQUEEZE"

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        shape = graph.tensor_in(node, 0).shape
        given = node.options.squeeze_dims
        dropped = {resolve_axis(self.name, a, len(shape)) for a in given}
        if not given:
            dropped = {a for a, n in enumerate(shape) if n == 1}
        if any(shape[a] != 1 for a in dropped):
            raise EdgeError(MODEL_INVALID, f"SQUEEZE drops axes {sorted(dropped)} of {list(shape)}")
        return (tuple(n for a, n in enumerate(shape) if a not in dropped),)


OPERATOR = Squeeze()
