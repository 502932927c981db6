# SPDX-License-Identifier: Apache-2.0
"""MEAN: means over axes, requantized to the output's scale.

TensorFlow Lite Micro divides the multiplier, not the sums, by the number of elements, so that a sum is
rescaled and averaged in one step; it does so for all axes alike, and also where input and output share their
quantization.
"""

from __future__ import annotations

from edgesdk.model.graph import Graph, Node
from edgesdk.ops.fixed_point import quantize_multiplier
from edgesdk.ops.reduction import Reduction


class Mean(Reduction):
    name = "MEAN"

    def scaling(self, graph: Graph, node: Node) -> tuple[int, int]:
        multiplier, shift = quantize_multiplier(graph.tensor_in(node, 0).scale / graph.tensor_out(node).scale)
        count = self.count(graph, node)
        # as many bits as the division takes away, bounded so that the shift stays within [-31, 30]
        extra = min(count.bit_length() - 1, 32, 31 + shift)
        return (multiplier << extra) // count, shift - extra


OPERATOR = Mean()
