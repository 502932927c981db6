# SPDX-License-Identifier: Apache-2.0
"""maximum_s8: MAXIMUM, with broadcasting."""

from __future__ import annotations

from edgesdk.kernels.base import Params
from edgesdk.kernels.broadcast import BroadcastKernel, walk_members
from edgesdk.model.graph import Graph, Node


class MaximumS8(BroadcastKernel):
    symbol = "edge_maximum_s8"
    ops = ("MAXIMUM",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def pack(self, graph: Graph, node: Node) -> Params:
        return Params(dict(walk_members(graph, node)))


KERNEL = MaximumS8()
