# SPDX-License-Identifier: Apache-2.0
"""conv_2d_1x1_pool_s8: conv_2d_1x1_s8 with edgesdk.CrossChannelPool in its registers."""

from __future__ import annotations

from edgesdk.kernels.base import Overlap, Params
from edgesdk.kernels.conv_2d_1x1_s8 import KERNEL as CONVOLUTION
from edgesdk.kernels.conv_2d_1x1_s8 import Conv2D1x1S8
from edgesdk.kernels.lags import paired_overlap
from edgesdk.kernels.pooled import pool_behind, pool_params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales


class Conv2D1x1PoolS8(Conv2D1x1S8):
    """The kernel that comes first by name, so a convolution in front of a pool gets it."""

    symbol = "edge_conv_2d_1x1_pool_s8"

    def accepts(self, graph: Graph, node: Node) -> bool:
        return super().accepts(graph, node) and self.fuses(graph, node) is not None

    def fuses(self, graph: Graph, node: Node) -> int | None:
        return pool_behind(graph, node, OPERATOR.groups(graph, node))

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        pool = self.fuses(graph, node)
        assert pool is not None
        return paired_overlap(graph, node, stored=graph.tensor_out(graph.nodes[pool]).shape[3])

    def pack(self, graph: Graph, node: Node) -> Params:
        pool = self.fuses(graph, node)
        assert pool is not None
        scales = channel_scales(graph, node, graph.tensor_in(node, 0), graph.tensor_in(node, 1))
        return pool_params(CONVOLUTION, graph, node, graph.nodes[pool], scales)


KERNEL = Conv2D1x1PoolS8()
