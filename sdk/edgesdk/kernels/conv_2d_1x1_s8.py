# SPDX-License-Identifier: Apache-2.0
"""conv_2d_1x1_s8: CONV_2D with a 1x1 kernel and no padding, straight from the input's pixels."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.kernels.lags import paired_overlap
from edgesdk.kernels.weights import clamp_members, folded_bias, narrow_member, scale_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales


class Conv2D1x1S8(Kernel):
    symbol = "edge_conv_2d_1x1_s8"
    ops = ("CONV_2D",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return all(a.kernel == 1 and a.before == a.after == 0 for a in OPERATOR.axes(graph, node))

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # Pixels are multiplied in pairs: an odd row would leave one over, two rows do not.
        _, horizontal = OPERATOR.axes(graph, node)
        return (2, 1, 0) if horizontal.outputs % 2 else (1, 2, 0)

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return paired_overlap(graph, node)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        bias = graph.input(node, 2)
        vertical, horizontal = OPERATOR.axes(graph, node)
        channels, _, _, depth = weights.shape
        groups = OPERATOR.groups(graph, node)
        scales = channel_scales(graph, node, source, weights)
        flat = weights.data.reshape(channels, depth)
        return Params(
            {
                "weights": weights.data,
                "bias": folded_bias(None if bias is None else bias.data, flat, source.zero_point),
                **scale_members(scales),
                "depth": depth,
                "channels": channels // groups,
                "groups": groups,
                "width": horizontal.outputs,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                **clamp_members(scales),
                **narrow_member(scales),
            }
        )


KERNEL = Conv2D1x1S8()
