# SPDX-License-Identifier: Apache-2.0
"""strided_copy_s8: TRANSPOSE and STRIDED_SLICE."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.strided_slice import StridedSlice
from edgesdk.ops.transpose import Transpose


class StridedCopyS8(Kernel):
    symbol = "edge_strided_copy_s8"
    ops = ("STRIDED_SLICE", "TRANSPOSE")

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def pack(self, graph: Graph, node: Node) -> Params:
        operator = find_operator(node.op)
        assert isinstance(operator, StridedSlice | Transpose)
        p = operator.layout(graph, node)
        return Params(
            {
                "row_axes": len(p.row_sizes),
                "row_sizes": np.array(p.row_sizes, np.int16),
                "row_steps": np.array(p.row_steps, np.int16).reshape(-1),
                "base": np.array(p.base, np.int16),
                "x_step": np.array(p.x_step, np.int16),
                "c_step": np.array(p.c_step, np.int16),
                "width": p.width,
                "channels": p.channels,
            }
        )


KERNEL = StridedCopyS8()
