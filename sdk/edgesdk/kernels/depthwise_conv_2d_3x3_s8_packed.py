# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_3x3_s8_packed: the dsp family's with lines for cores without DSP: one multiplication an output to
requantize, and rows made one by one cost no more than two."""

from __future__ import annotations

from edgesdk.kernels.depthwise_conv_2d_3x3_s8_dsp import DepthwiseConv2D3x3S8Dsp
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.depthwise_conv_2d import OPERATOR


class DepthwiseConv2D3x3S8Packed(DepthwiseConv2D3x3S8Dsp):
    symbol = "edge_depthwise_conv_2d_3x3_s8_packed"
    family = "packed"

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # Rows are made one by one; two suit the convolution after it where they are odd.
        _, horizontal = OPERATOR.axes(graph, node)
        return (2, 1) if horizontal.outputs % 2 else (1, 2)


KERNEL = DepthwiseConv2D3x3S8Packed()
