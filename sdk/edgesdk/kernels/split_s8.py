# SPDX-License-Identifier: Apache-2.0
"""split_s8: SPLIT along any axis."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.split import OPERATOR


class SplitS8(Kernel):
    """Along rows each output's window says which rows it takes; else each takes a part of every row."""

    symbol = "edge_split_s8"
    ops = ("SPLIT",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def pack(self, graph: Graph, node: Node) -> Params:
        _, width, channels = graph.tensor_out(node).rows_shape
        from_end = OPERATOR.from_end(graph, node)
        return Params(
            {
                "width": width,
                "channels": channels,
                "x_step": width if from_end == 2 else 0,
                "c_step": channels if from_end == 1 else 0,
            }
        )


KERNEL = SplitS8()
