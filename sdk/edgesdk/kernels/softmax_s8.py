# SPDX-License-Identifier: Apache-2.0
"""softmax_s8: SOFTMAX along the channels, with a table of exponentials in flash (at most 1 KiB)."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params, int32_array
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.softmax import OPERATOR


class SoftmaxS8(Kernel):
    symbol = "edge_softmax_s8"
    ops = ("SOFTMAX",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return Overlap(0)

    def pack(self, graph: Graph, node: Node) -> Params:
        _, width, channels = graph.tensor_out(node).rows_shape
        table = OPERATOR.exponentials(graph, node)
        return Params({"width": width, "channels": channels, "entries": len(table), "exponential": int32_array(table)})


KERNEL = SoftmaxS8()
