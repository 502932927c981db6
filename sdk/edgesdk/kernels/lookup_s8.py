# SPDX-License-Identifier: Apache-2.0
"""lookup_s8: any element-wise int8 operator of one input, as a table of its 256 results."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Params
from edgesdk.model.graph import DType, Graph, Node
from edgesdk.ops import find_operator


class LookupS8(Kernel):
    """The table is the operator's own reference at all 256 inputs, so the kernel is exact by construction."""

    symbol = "edge_lookup_s8"
    ops = ("HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "QUANTIZE", "RELU", "RELU6", "TANH")

    def accepts(self, graph: Graph, node: Node) -> bool:
        return graph.tensor_in(node, 0).dtype is DType.INT8 and graph.tensor_out(node).dtype is DType.INT8

    def lag(self, graph: Graph, node: Node) -> int | None:
        return 0

    def pack(self, graph: Graph, node: Node) -> Params:
        values = np.arange(-128, 128, dtype=np.int8)
        (table,) = find_operator(node.op).reference(graph, node, (values,))
        _, width, channels = graph.tensor_out(node).rows_shape
        # Indexed by the input's bits as an unsigned byte: no addition in the loop.
        return Params({"width": width, "channels": channels, "table": np.roll(table, -128)})


KERNEL = LookupS8()
