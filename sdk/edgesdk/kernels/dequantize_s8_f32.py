# SPDX-License-Identifier: Apache-2.0
"""dequantize_s8_f32: DEQUANTIZE at the boundary, int8 or uint8 to float32."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.model.graph import DType, Graph, Node


class DequantizeS8F32(Kernel):
    symbol = "edge_dequantize_s8_f32"
    ops = ("DEQUANTIZE",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Each element grows to four bytes, which the next to last must not spill onto the last."""
        _, width, channels = graph.tensor_in(node, 0).rows_shape
        return Overlap(3 * (width * channels - 1))

    def pack(self, graph: Graph, node: Node) -> Params:
        source = graph.tensor_in(node, 0)
        _, width, channels = source.rows_shape
        signed = source.dtype is DType.INT8
        return Params(
            {
                "width": width,
                "channels": channels,
                "flip": 0x80 if signed else 0,
                "zero_point": source.zero_point + (128 if signed else 0),
                "scale": source.scale,
            }
        )


KERNEL = DequantizeS8F32()
