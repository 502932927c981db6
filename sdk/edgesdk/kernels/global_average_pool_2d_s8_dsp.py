# SPDX-License-Identifier: Apache-2.0
"""global_average_pool_2d_s8_dsp: AVERAGE_POOL_2D over a whole map, four channels at a time."""

from __future__ import annotations

from edgesdk.kernels.average_pool_2d_s8_dsp import MOST_ELEMENTS
from edgesdk.kernels.global_average_pool_2d_s8 import GlobalAveragePool2DS8
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.average_pool_2d import OPERATOR


class GlobalAveragePool2DS8Dsp(GlobalAveragePool2DS8):
    symbol = "edge_global_average_pool_2d_s8_dsp"
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        _, horizontal = OPERATOR.axes(graph, node)
        return OPERATOR.whole(graph, node) and horizontal.inputs <= MOST_ELEMENTS


KERNEL = GlobalAveragePool2DS8Dsp()
