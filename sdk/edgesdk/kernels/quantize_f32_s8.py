# SPDX-License-Identifier: Apache-2.0
"""quantize_f32_s8: QUANTIZE at the boundary, float32 to int8."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import DType, Graph, Node


class QuantizeF32S8(Kernel):
    symbol = "edge_quantize_f32_s8"
    ops = ("QUANTIZE",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return graph.tensor_in(node, 0).dtype is DType.FLOAT32

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return Overlap(0)

    def pack(self, graph: Graph, node: Node) -> Params:
        target = graph.tensor_out(node)
        _, width, channels = target.rows_shape
        return Params({"width": width, "channels": channels, "zero_point": target.zero_point, "scale": target.scale})


KERNEL = QuantizeF32S8()
