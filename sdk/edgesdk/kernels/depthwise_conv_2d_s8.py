# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_s8: DEPTHWISE_CONV_2D of any geometry."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.kernels.weights import broadcast_scale_members, clamp_members, folded_bias
from edgesdk.kernels.windows import windowed_overlap
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.depthwise_conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales


class DepthwiseConv2DS8(Kernel):
    symbol = "edge_depthwise_conv_2d_s8"
    ops = ("DEPTHWISE_CONV_2D",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        _, horizontal = OPERATOR.axes(graph, node)
        read, made = graph.tensor_in(node, 0).shape[3], graph.tensor_out(node).shape[3]
        return windowed_overlap(horizontal.outputs, horizontal.stride, horizontal.before, read, made)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        bias = graph.input(node, 2)
        vertical, horizontal = OPERATOR.axes(graph, node)
        channels = weights.shape[3]
        scales = channel_scales(graph, node, source, weights)
        planar = weights.data.reshape(-1, channels).T
        return Params(
            {
                "weights": planar,
                "bias": folded_bias(None if bias is None else bias.data, planar, source.zero_point),
                **broadcast_scale_members(scales, channels),
                "in_channels": source.shape[3],
                "multiplicity": node.options.depth_multiplier,
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
                **clamp_members(scales),
            }
        )


KERNEL = DepthwiseConv2DS8()
