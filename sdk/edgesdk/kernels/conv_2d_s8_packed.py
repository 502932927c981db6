# SPDX-License-Identifier: Apache-2.0
"""conv_2d_s8_packed: CONV_2D of any geometry, the patches of two pixels gathered into one array of words."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.kernels.gemm_packed import MOST_DEPTH, gemm_members, padded_depth
from edgesdk.kernels.lags import gathered_overlap
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales


class Conv2DS8Packed(Kernel):
    symbol = "edge_conv_2d_s8_packed"
    ops = ("CONV_2D",)
    family = "packed"

    def accepts(self, graph: Graph, node: Node) -> bool:
        vertical, horizontal = OPERATOR.axes(graph, node)
        return (
            OPERATOR.groups(graph, node) == 1
            and _depth(graph, node) < MOST_DEPTH
            and vertical.outputs * horizontal.outputs > 1
        )

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # Pixels are multiplied in pairs: an odd row would leave one over, two rows do not.
        _, horizontal = OPERATOR.axes(graph, node)
        return (2, 1, 0) if horizontal.outputs % 2 else (1, 2, 0)

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return 4 * padded_depth(_depth(graph, node))

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return gathered_overlap(graph, node)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        bias = graph.input(node, 2)
        vertical, horizontal = OPERATOR.axes(graph, node)
        channels, _, _, in_channels = weights.shape
        scales = channel_scales(graph, node, source, weights)
        flat = weights.data.reshape(channels, -1)
        return Params(
            {
                **gemm_members(flat, None if bias is None else bias.data, source.zero_point, scales),
                "in_channels": in_channels,
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "kernel_h": vertical.kernel,
                "kernel_w": horizontal.kernel,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "dilation_h": vertical.dilation,
                "dilation_w": horizontal.dilation,
                "pad_left": horizontal.before,
                "in_zero_point": source.zero_point,
            }
        )


def _depth(graph: Graph, node: Node) -> int:
    weights = graph.tensor_in(node, 1)
    return weights.elements // weights.shape[0]


KERNEL = Conv2DS8Packed()
