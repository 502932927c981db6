# SPDX-License-Identifier: Apache-2.0
"""average_pool_2d_s8: AVERAGE_POOL_2D, four channels at a time where rows and pitch are word-aligned."""

from __future__ import annotations

from edgesdk.kernels.pool_2d_s8 import Pool2DS8
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.average_pool_2d import OPERATOR


class AveragePool2DS8(Pool2DS8):
    symbol = "edge_average_pool_2d_s8"
    ops = ("AVERAGE_POOL_2D",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return not OPERATOR.whole(graph, node)


KERNEL = AveragePool2DS8()
