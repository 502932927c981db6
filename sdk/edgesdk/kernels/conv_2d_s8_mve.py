# SPDX-License-Identifier: Apache-2.0
"""conv_2d_s8_mve: CONV_2D on cores with Helium, by patches gathered into scratch."""

from __future__ import annotations

from edgesdk.kernels.base import Params
from edgesdk.kernels.conv_2d_s8 import Conv2DS8
from edgesdk.kernels.gemm_mve import can_requantize, gemm_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales


class Conv2DS8Mve(Conv2DS8):
    """Bands, scratch and overlap are the portable kernel's: the same patches in the same order."""

    symbol = "edge_conv_2d_s8_mve"
    family = "mve"

    def accepts(self, graph: Graph, node: Node) -> bool:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        return OPERATOR.groups(graph, node) == 1 and can_requantize(channel_scales(graph, node, source, weights))

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
        assert weights.data is not None
        vertical, horizontal = OPERATOR.axes(graph, node)
        flat = weights.data.reshape(weights.shape[0], -1)
        scales = channel_scales(graph, node, source, weights)
        return Params(
            {
                **gemm_members(flat, None if bias is None else bias.data, source.zero_point, scales),
                "depth": weights.shape[3],
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


KERNEL = Conv2DS8Mve()
