# SPDX-License-Identifier: Apache-2.0
"""product_key_memory_s8: edgesdk.ProductKeyMemory."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.product_key_memory import OPERATOR, exponential_table

_ENTRY = 8
"""Bytes of a score and its index."""


class ProductKeyMemoryS8(Kernel):
    symbol = "edge_product_key_memory_s8"
    ops = ("edgesdk.ProductKeyMemory",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        """The best of two halves and of their pairs, and a sum for each element of a value."""
        neighbours: int = node.options.neighbours
        return 3 * _ENTRY * neighbours + 4 * OPERATOR.sizes(graph, node).units

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """A pixel is read to the end before its output is written."""
        _, width, read = graph.tensor_in(node, 0).rows_shape
        made = OPERATOR.sizes(graph, node).units
        return Overlap(max(0, (width - 1) * (made - read)))

    def pack(self, graph: Graph, node: Node) -> Params:
        keys, values = graph.tensor_in(node, 1).data, graph.tensor_in(node, 2).data
        sizes = OPERATOR.sizes(graph, node)
        multiplier, shift, limit = OPERATOR.differences(graph, node)
        out_multiplier, out_shift = OPERATOR.output_scale(graph, node)
        return Params(
            {
                "keys": keys,
                "values": values,
                "exponentials": exponential_table(),
                "multiplier": multiplier,
                "limit": limit,
                "out_multiplier": out_multiplier,
                "width": graph.tensor_in(node, 0).rows_shape[1],
                "heads": sizes.heads,
                "sub_keys": sizes.sub_keys,
                "half": sizes.half,
                "units": sizes.units,
                "neighbours": node.options.neighbours,
                "shift": shift,
                "out_shift": out_shift,
                "in_zero_point": graph.tensor_in(node, 0).zero_point,
                "zero_point": graph.tensor_out(node).zero_point,
            }
        )


KERNEL = ProductKeyMemoryS8()
