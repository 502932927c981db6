# SPDX-License-Identifier: Apache-2.0
"""global_average_pool_2d_s8: AVERAGE_POOL_2D over a whole map. Input rows are added to int32 sums as they come."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.average_pool_2d import OPERATOR


class GlobalAveragePool2DS8(Kernel):
    symbol = "edge_global_average_pool_2d_s8"
    ops = ("AVERAGE_POOL_2D",)
    late = True

    def accepts(self, graph: Graph, node: Node) -> bool:
        return OPERATOR.whole(graph, node)

    def state_bytes(self, graph: Graph, node: Node) -> int:
        return 4 * graph.tensor_out(node).shape[3]

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Anywhere: the last row is in the sums before anything is written."""
        return Overlap(0, any_row=True)

    def pack(self, graph: Graph, node: Node) -> Params:
        vertical, horizontal = OPERATOR.axes(graph, node)
        low, high = OPERATOR.activation(graph, node)
        return Params(
            {
                "width": horizontal.inputs,
                "channels": graph.tensor_out(node).shape[3],
                "count": vertical.inputs * horizontal.inputs,
                "low": low,
                "high": high,
            }
        )


KERNEL = GlobalAveragePool2DS8()
