# SPDX-License-Identifier: Apache-2.0
"""reduce_s8: MEAN and SUM. Input rows are added to int32 sums in `state` as they come."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.reduction import Layout, Reduction


class ReduceS8(Kernel):
    symbol = "edge_reduce_s8"
    ops = ("MEAN", "SUM")
    late = True

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def state_bytes(self, graph: Graph, node: Node) -> int:
        return 4 * _layout(graph, node).elements

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Anywhere: the last row is in the sums before anything is written."""
        return Overlap(0, any_row=True)

    def pack(self, graph: Graph, node: Node) -> Params:
        p = _layout(graph, node)
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        multiplier, shift = _operator(node).scaling(graph, node)
        return Params(
            {
                "width": source.rows_shape[1],
                "channels": source.rows_shape[2],
                "row_axes": len(p.row_sizes),
                "row_sizes": np.array(p.row_sizes, np.int16),
                "row_steps": np.array(p.row_steps, np.int32),
                "x_step": p.x_step,
                "c_step": p.c_step,
                "elements": p.elements,
                "out_width": target.rows_shape[1],
                "out_channels": target.rows_shape[2],
                "offset": -p.count * source.zero_point,
                "multiplier": multiplier,
                "shift": shift,
                "zero_point": target.zero_point,
            }
        )


def _operator(node: Node) -> Reduction:
    operator = find_operator(node.op)
    assert isinstance(operator, Reduction)
    return operator


def _layout(graph: Graph, node: Node) -> Layout:
    return _operator(node).layout(graph, node)


KERNEL = ReduceS8()
