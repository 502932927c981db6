# SPDX-License-Identifier: Apache-2.0
"""conv_2d_s8: CONV_2D of any geometry, by patches gathered into scratch."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.kernels.lags import gathered_overlap
from edgesdk.kernels.weights import clamp_members, folded_bias, narrow_member, scale_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales


class Conv2DS8(Kernel):
    symbol = "edge_conv_2d_s8"
    ops = ("CONV_2D",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # Pixels are multiplied in pairs: an odd row would leave one over, two rows do not.
        _, horizontal = OPERATOR.axes(graph, node)
        return (2, 1, 0) if horizontal.outputs % 2 else (1, 2, 0)

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        weights = graph.tensor_in(node, 1)
        patch = weights.elements // weights.shape[0]
        vertical, horizontal = OPERATOR.axes(graph, node)
        alone = min(band or vertical.outputs, vertical.outputs) * horizontal.outputs == 1
        return (1 if alone else 2) * (-(-patch // 4) * 4)

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return gathered_overlap(graph, node)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        bias = graph.input(node, 2)
        vertical, horizontal = OPERATOR.axes(graph, node)
        channels, _, _, group_depth = weights.shape
        groups = OPERATOR.groups(graph, node)
        scales = channel_scales(graph, node, source, weights)
        flat = weights.data.reshape(channels, -1)
        return Params(
            {
                "weights": weights.data,
                "bias": folded_bias(None if bias is None else bias.data, flat, source.zero_point),
                **scale_members(scales),
                "depth": flat.shape[1],
                "channels": channels // groups,
                "groups": groups,
                "group_depth": group_depth,
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
                **narrow_member(scales),
            }
        )


KERNEL = Conv2DS8()
