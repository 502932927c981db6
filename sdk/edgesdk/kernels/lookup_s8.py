# SPDX-License-Identifier: Apache-2.0
"""lookup_s8: any element-wise operator from one byte to one byte, as a table of its 256 results."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import DType, Graph, Node
from edgesdk.ops import find_operator

BYTES = (DType.INT8, DType.UINT8)


class LookupS8(Kernel):
    """The table is the operator's own reference at all 256 inputs, so the kernel is exact by construction."""

    symbol = "edge_lookup_s8"
    ops = ("HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "QUANTIZE", "RELU", "RELU6", "TANH")

    def accepts(self, graph: Graph, node: Node) -> bool:
        return graph.tensor_in(node, 0).dtype in BYTES and graph.tensor_out(node).dtype in BYTES

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return Overlap(0)

    def pack(self, graph: Graph, node: Node) -> Params:
        # Indexed by the input's bits as an unsigned byte, for int8 too: no addition in the loop.
        values = np.arange(256, dtype=np.uint8).view(graph.tensor_in(node, 0).dtype.value)
        (table,) = find_operator(node.op).reference(graph, node, (values,))
        _, width, channels = graph.tensor_out(node).rows_shape
        return Params({"width": width, "channels": channels, "table": table.view(np.int8)})


KERNEL = LookupS8()
