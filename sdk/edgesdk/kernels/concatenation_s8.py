# SPDX-License-Identifier: Apache-2.0
"""concatenation_s8: CONCATENATION along any axis."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from edgesdk.kernels.base import Kernel, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.concatenation import OPERATOR


class ConcatenationS8(Kernel):
    """Along rows each input's window says which rows it fills; else all inputs fill parts of the same row."""

    symbol = "edge_concatenation_s8"
    ops = ("CONCATENATION",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def pack(self, graph: Graph, node: Node) -> Params:
        shapes = [graph.tensor_in(node, k).rows_shape for k in range(len(node.inputs))]
        widths = [width for _, width, _ in shapes]
        channels = [count for _, _, count in shapes]
        from_end = OPERATOR.from_end(graph, node)
        none = [0] * len(shapes)
        members = {
            "widths": widths,
            "channels": channels,
            "x_offsets": [0, *accumulate(widths[:-1])] if from_end == 2 else none,
            "c_offsets": [0, *accumulate(channels[:-1])] if from_end == 1 else none,
        }
        return Params({name: np.array(values, np.int16) for name, values in members.items()})


KERNEL = ConcatenationS8()
