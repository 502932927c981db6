# SPDX-License-Identifier: Apache-2.0
"""threshold_s8: what the planner and the generated C need to know of the kernel."""

from __future__ import annotations

from edge_threshold.codec import NAME
from edge_threshold.operator import Threshold
from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import Graph, Node


class ThresholdS8(Kernel):
    symbol = "edge_threshold_s8"
    ops = (NAME,)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Every element is read before its place is written: it may run in place."""
        return Overlap(lag=0)

    def pack(self, graph: Graph, node: Node) -> Params:
        _, width, channels = graph.tensor_out(node).rows_shape
        return Params(
            {
                "width": width,
                "channels": channels,
                "least": Threshold().least(graph, node),
                "zero_point": graph.tensor_in(node, 0).zero_point,
            }
        )
