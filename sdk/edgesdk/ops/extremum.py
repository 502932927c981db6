# SPDX-License-Identifier: Apache-2.0
"""What MAXIMUM and MINIMUM share: they compare quantized values, so all tensors have one quantization."""

from __future__ import annotations

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.binary import BinaryInt8


class Extremum(BinaryInt8):
    """The larger or the smaller of two elements."""

    def check(self, graph: Graph, node: Node) -> None:
        super().check(graph, node)
        tensors = (graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node))
        if len({(t.scale, t.zero_point) for t in tensors}) != 1:
            raise EdgeError(OP_OPTIONS, f"{self.name} needs one scale and zero point for its inputs and output")
