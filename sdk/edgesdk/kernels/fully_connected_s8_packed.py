# SPDX-License-Identifier: Apache-2.0
"""fully_connected_s8_packed: FULLY_CONNECTED on cores without DSP, two output channels in one multiplication."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Kernel, Params
from edgesdk.kernels.gemm_packed import GROUP, MOST_DEPTH, gemm_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.fully_connected import OPERATOR


class FullyConnectedS8Packed(Kernel):
    symbol = "edge_fully_connected_s8_packed"
    ops = ("FULLY_CONNECTED",)
    family = "packed"

    def accepts(self, graph: Graph, node: Node) -> bool:
        weights = graph.tensor_in(node, 1)
        return weights.zero_point == 0 and weights.shape[1] < MOST_DEPTH

    def pack(self, graph: Graph, node: Node) -> Params:
        source, filters, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
        items = OPERATOR.items(graph, node)
        assert filters.data is not None
        assert items is not None
        given = None if bias is None else bias.data
        members = gemm_members(filters.data, given, source.zero_point, OPERATOR.scales(graph, node))
        weights = members["gemm.weights"]
        assert isinstance(weights, np.ndarray)
        return Params(
            {
                **members,
                "gemm.weights": fours(weights),
                "item_rows": items.rows,
                "item_width": items.width,
                "item_channels": items.channels,
                "row_items": items.in_row,
                "width": items.out_row,
            }
        )


def fours(weights: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Rows of weights [channels, whole groups] as the header lays them out: 128 added, four channels together."""
    rows = np.pad(weights, ((0, -len(weights) % 4), (0, 0)))
    # four, pair, channel, group, half of it, element -> four, group, pair, half, channel, element
    parts = rows.reshape(-1, 2, 2, rows.shape[1] // GROUP, 2, 2).transpose(0, 3, 1, 4, 2, 5)
    return (parts.reshape(-1).view(np.uint8) ^ 0x80).view(np.int8)


KERNEL = FullyConnectedS8Packed()
