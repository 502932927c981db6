# SPDX-License-Identifier: Apache-2.0
"""fully_connected_s8_mve: FULLY_CONNECTED on cores with Helium, eight output channels at a time."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Params
from edgesdk.kernels.gemm_mve import can_requantize, dot_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.fully_connected import OPERATOR


class FullyConnectedS8Mve(Kernel):
    symbol = "edge_fully_connected_s8_mve"
    ops = ("FULLY_CONNECTED",)
    family = "mve"

    def accepts(self, graph: Graph, node: Node) -> bool:
        items, weights = OPERATOR.items(graph, node), graph.tensor_in(node, 1)
        pixels = items is not None and items.rows == 1 and items.width == 1
        return pixels and weights.zero_point == 0 and can_requantize(OPERATOR.scales(graph, node))

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
        assert weights.data is not None
        items = OPERATOR.items(graph, node)
        assert items is not None
        given = None if bias is None else bias.data
        return Params(
            {
                **dot_members(weights.data, given, source.zero_point, OPERATOR.scales(graph, node)),
                "row_items": items.in_row,
                "width": items.out_row,
            }
        )


KERNEL = FullyConnectedS8Mve()
