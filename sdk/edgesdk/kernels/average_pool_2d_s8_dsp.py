# SPDX-License-Identifier: Apache-2.0
"""average_pool_2d_s8_dsp: AVERAGE_POOL_2D, four channels at a time in the halves of two words."""

from __future__ import annotations

from edgesdk.kernels.pool_2d_s8 import Pool2DS8
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.average_pool_2d import OPERATOR

MOST_ELEMENTS = 255
"""EDGE_SUM4_DSP_MAX."""


class AveragePool2DS8Dsp(Pool2DS8):
    symbol = "edge_average_pool_2d_s8_dsp"
    ops = ("AVERAGE_POOL_2D",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        vertical, horizontal = OPERATOR.axes(graph, node)
        return not OPERATOR.whole(graph, node) and vertical.window * horizontal.window <= MOST_ELEMENTS


KERNEL = AveragePool2DS8Dsp()
