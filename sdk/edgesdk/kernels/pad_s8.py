# SPDX-License-Identifier: Apache-2.0
"""pad_s8: PAD and PADV2 along any axes."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.pad import Pad


class PadS8(Kernel):
    symbol = "edge_pad_s8"
    ops = ("PAD", "PADV2")

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def pack(self, graph: Graph, node: Node) -> Params:
        operator = find_operator(node.op)
        assert isinstance(operator, Pad)
        p = operator.layout(graph, node)
        source, target = graph.tensor_in(node, 0).rows_shape, graph.tensor_out(node).rows_shape
        return Params(
            {
                "row_axes": len(p.sizes),
                "sizes": np.array(p.sizes, np.int16),
                "before": np.array(p.before, np.int16),
                "padded": np.array(p.padded, np.int16),
                "in_width": source[1],
                "in_channels": source[2],
                "out_width": target[1],
                "out_channels": target[2],
                "x_before": p.x_before,
                "c_before": p.c_before,
                "value": operator.value(graph, node),
            }
        )


KERNEL = PadS8()
