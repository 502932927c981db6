# SPDX-License-Identifier: Apache-2.0
"""SUM: sums over axes, requantized to the output's scale."""

from __future__ import annotations

from edgesdk.model.graph import Graph, Node
from edgesdk.ops.fixed_point import quantize_multiplier
from edgesdk.ops.reduction import Reduction


class Sum(Reduction):
    name = "SUM"

    def scaling(self, graph: Graph, node: Node) -> tuple[int, int]:
        return quantize_multiplier(graph.tensor_in(node, 0).scale / graph.tensor_out(node).scale)


OPERATOR = Sum()
