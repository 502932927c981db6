# SPDX-License-Identifier: Apache-2.0
"""mul_s8: MUL, with broadcasting."""

from __future__ import annotations

from edgesdk.kernels.base import Params
from edgesdk.kernels.broadcast import BroadcastKernel, walk_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.mul import OPERATOR


class MulS8(BroadcastKernel):
    symbol = "edge_mul_s8"
    ops = ("MUL",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def pack(self, graph: Graph, node: Node) -> Params:
        c = OPERATOR.constants(graph, node)
        return Params(
            walk_members(graph, node)
            | {
                "low": c.low,
                "high": c.high,
                "a_offset": -graph.tensor_in(node, 0).zero_point,
                "b_offset": -graph.tensor_in(node, 1).zero_point,
                "zero_point": graph.tensor_out(node).zero_point,
                "shift": c.shift,
                "multiplier": c.multiplier,
            }
        )


KERNEL = MulS8()
