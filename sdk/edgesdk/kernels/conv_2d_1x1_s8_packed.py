# SPDX-License-Identifier: Apache-2.0
"""conv_2d_1x1_s8_packed: CONV_2D with a 1x1 kernel and no padding, two pixels in one multiplication."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.kernels.gemm_packed import MOST_DEPTH, gemm_members, padded_depth
from edgesdk.kernels.lags import gathered_overlap
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales


class Conv2D1x1S8Packed(Kernel):
    symbol = "edge_conv_2d_1x1_s8_packed"
    ops = ("CONV_2D",)
    family = "packed"

    def accepts(self, graph: Graph, node: Node) -> bool:
        axes = OPERATOR.axes(graph, node)
        return (
            all(a.kernel == 1 and a.before == a.after == 0 for a in axes)
            and OPERATOR.groups(graph, node) == 1
            and graph.tensor_in(node, 1).shape[3] < MOST_DEPTH
            and axes[0].outputs * axes[1].outputs > 1
        )

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # Pixels are multiplied in pairs: an odd row would leave one over, two rows do not.
        _, horizontal = OPERATOR.axes(graph, node)
        return (2, 1, 0) if horizontal.outputs % 2 else (1, 2, 0)

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return 4 * padded_depth(graph.tensor_in(node, 1).shape[3])

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return gathered_overlap(graph, node)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        bias = graph.input(node, 2)
        vertical, horizontal = OPERATOR.axes(graph, node)
        channels, _, _, depth = weights.shape
        scales = channel_scales(graph, node, source, weights)
        flat = weights.data.reshape(channels, depth)
        return Params(
            {
                **gemm_members(flat, None if bias is None else bias.data, source.zero_point, scales),
                "in_channels": depth,
                "width": horizontal.outputs,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
            }
        )


KERNEL = Conv2D1x1S8Packed()
