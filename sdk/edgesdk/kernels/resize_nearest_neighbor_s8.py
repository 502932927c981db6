# SPDX-License-Identifier: Apache-2.0
"""resize_nearest_neighbor_s8: RESIZE_NEAREST_NEIGHBOR by tables of source rows and columns."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.resize_nearest_neighbor import OPERATOR


class ResizeNearestNeighborS8(Kernel):
    symbol = "edge_resize_nearest_neighbor_s8"
    ops = ("RESIZE_NEAREST_NEIGHBOR",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Pixels are copied as blocks, so one may not even touch itself half."""
        _, columns = OPERATOR.indices(graph, node)
        channels = graph.tensor_out(node).shape[3]
        return Overlap(max(0, *((x - column + 1) * channels for x, column in enumerate(columns))))

    def pack(self, graph: Graph, node: Node) -> Params:
        rows, columns = OPERATOR.indices(graph, node)
        return Params(
            {
                "rows": np.array(rows, np.int16),
                "columns": np.array(columns, np.int16),
                "out_width": len(columns),
                "channels": graph.tensor_out(node).shape[3],
            }
        )


KERNEL = ResizeNearestNeighborS8()
