# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_3x3_s8: DEPTHWISE_CONV_2D with a 3x3 kernel, channel by channel along the row."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.kernels.weights import broadcast_scale_members, clamp_members, folded_bias, narrow_member
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.depthwise_conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales

SHORT_RIGHT = 2  # edge_requantize_is_short


class DepthwiseConv2D3x3S8(Kernel):
    symbol = "edge_depthwise_conv_2d_3x3_s8"
    ops = ("DEPTHWISE_CONV_2D",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        vertical, horizontal = OPERATOR.axes(graph, node)
        return (
            node.options.depth_multiplier == 1
            and all(a.kernel == 3 and a.dilation == 1 for a in (vertical, horizontal))
            and horizontal.stride <= 2
            and horizontal.before <= 1
            and horizontal.inputs >= 2 - horizontal.before
        )

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # Two rows share two of their three input rows and all weights.
        vertical, horizontal = OPERATOR.axes(graph, node)
        return (2, 1, 0) if vertical.stride == horizontal.stride == 1 else (1, 2, 0)

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Channel by channel, each column read once and before its place is written; a channel with a long scale reads
        the columns of each output anew, one row of the band after the other."""
        _, horizontal = OPERATOR.axes(graph, node)
        channels = graph.tensor_out(node).rows_shape[2]
        scales = channel_scales(graph, node, graph.tensor_in(node, 0), graph.tensor_in(node, 1))
        anew = bool((-scales.shift < SHORT_RIGHT).any()) and horizontal.stride == 1
        return Overlap(horizontal.before * channels if anew else 0, step=channels)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        bias = graph.input(node, 2)
        vertical, horizontal = OPERATOR.axes(graph, node)
        channels = weights.shape[3]
        scales = channel_scales(graph, node, source, weights)
        planar = weights.data.reshape(9, channels).T
        return Params(
            {
                "weights": planar,
                "bias": folded_bias(None if bias is None else bias.data, planar, source.zero_point),
                **broadcast_scale_members(scales, channels),
                "channels": channels,
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "pad_left": horizontal.before,
                "in_zero_point": source.zero_point,
                **clamp_members(scales),
                **narrow_member(scales),
            }
        )


KERNEL = DepthwiseConv2D3x3S8()
