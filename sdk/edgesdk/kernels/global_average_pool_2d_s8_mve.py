# SPDX-License-Identifier: Apache-2.0
"""global_average_pool_2d_s8_mve: AVERAGE_POOL_2D over a whole map, eight channels at a time in int16 sums."""

from __future__ import annotations

from edgesdk.kernels.global_average_pool_2d_s8 import GlobalAveragePool2DS8
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.average_pool_2d import OPERATOR

MOST_ELEMENTS = 255
"""EDGE_GLOBAL_AVERAGE_POOL_2D_S8_MVE_MAX."""


class GlobalAveragePool2DS8Mve(GlobalAveragePool2DS8):
    symbol = "edge_global_average_pool_2d_s8_mve"
    family = "mve"

    def accepts(self, graph: Graph, node: Node) -> bool:
        vertical, horizontal = OPERATOR.axes(graph, node)
        return OPERATOR.whole(graph, node) and vertical.inputs * horizontal.inputs <= MOST_ELEMENTS

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # A call costs as much as a row of 64 channels and 8 pixels.
        return (4, 2, 1, 0)

    def state_bytes(self, graph: Graph, node: Node) -> int:
        return -(-graph.tensor_out(node).shape[3] // 2) * 4


KERNEL = GlobalAveragePool2DS8Mve()
