# SPDX-License-Identifier: Apache-2.0
"""cross_channel_pool_s8: edgesdk.CrossChannelPool."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import Graph, Node


class CrossChannelPoolS8(Kernel):
    symbol = "edge_cross_channel_pool_s8"
    ops = ("edgesdk.CrossChannelPool",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return Overlap(lag=0)

    def pack(self, graph: Graph, node: Node) -> Params:
        _, width, channels = graph.tensor_out(node).rows_shape
        group: int = node.options.group
        return Params(
            {"width": width, "channels": channels, "group": group, "average": int(node.options.pool == "average")}
        )


KERNEL = CrossChannelPoolS8()
