# SPDX-License-Identifier: Apache-2.0
"""fully_connected_s8: FULLY_CONNECTED, four output channels at a time."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Params, int32_array
from edgesdk.kernels.weights import clamp_members, folded_bias, narrow_member, scale_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.fully_connected import OPERATOR


class FullyConnectedS8(Kernel):
    symbol = "edge_fully_connected_s8"
    ops = ("FULLY_CONNECTED",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        bias = graph.input(node, 2)
        items = OPERATOR.items(graph, node)
        assert items is not None
        channels, depth = weights.shape
        scales = OPERATOR.scales(graph, node)
        # sum((x - zx) * (w - zw)) = sum(x * w) - zx * sum(w) + depth * zx * zw - zw * sum(x),
        # of which the kernel does the first and the last
        folded = folded_bias(None if bias is None else bias.data, weights.data, source.zero_point)
        filter_zero_point = weights.zero_point
        return Params(
            {
                "weights": weights.data,
                "bias": int32_array(folded.astype(int) + depth * source.zero_point * filter_zero_point),
                **scale_members(scales),
                "depth": depth,
                "channels": channels,
                "item_rows": items.rows,
                "item_width": items.width,
                "item_channels": items.channels,
                "row_items": items.in_row,
                "width": items.out_row,
                "filter_zero_point": filter_zero_point,
                **clamp_members(scales),
                **narrow_member(scales),
            }
        )


KERNEL = FullyConnectedS8()
