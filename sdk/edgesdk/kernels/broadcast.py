# SPDX-License-Identifier: Apache-2.0
"""What the two-input element-wise kernels share: the walk over rows (firmware/kernels/edge_walk.h)."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.broadcast import operand_steps

# EDGE_WALK_ROW, _PIXEL, _CHANNEL and _B
ROW, PIXEL, CHANNEL, INPUT_B = 1, 2, 4, 3


def walk_members(graph: Graph, node: Node) -> dict[str, int]:
    """The parameters of the walk over one output row."""
    _, width, channels = graph.tensor_out(node).rows_shape
    steps = 0
    for k in (0, 1):
        moves = operand_steps(graph, node, k)
        bits = ROW * moves.row | PIXEL * moves.pixel | CHANNEL * moves.channel
        steps |= bits << (INPUT_B * k)
    return {"width": width, "channels": channels, "steps": steps}


class BroadcastKernel(Kernel):
    """Element by element from two inputs, each dense, pitched or broadcast."""

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """At any distance: elements are read before their place is written. None where an operand is read again."""
        same = graph.tensor_in(node, port).rows_shape == graph.tensor_out(node).rows_shape
        return Overlap(0) if same else None
