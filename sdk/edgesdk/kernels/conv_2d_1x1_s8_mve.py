# SPDX-License-Identifier: Apache-2.0
"""conv_2d_1x1_s8_mve: CONV_2D with a 1x1 kernel on cores with Helium, two pixels and four channels at a time."""

from __future__ import annotations

from edgesdk.kernels.base import Params
from edgesdk.kernels.conv_2d_1x1_s8 import Conv2D1x1S8
from edgesdk.kernels.gemm_mve import can_requantize, gemm_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales


class Conv2D1x1S8Mve(Conv2D1x1S8):
    """Bands and overlap are the portable kernel's: the same order of pixels."""

    symbol = "edge_conv_2d_1x1_s8_mve"
    family = "mve"

    def accepts(self, graph: Graph, node: Node) -> bool:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        alone = OPERATOR.groups(graph, node) == 1
        return super().accepts(graph, node) and alone and can_requantize(channel_scales(graph, node, source, weights))

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # A call costs as much as ten pixels of eight channels; an even number of rows leaves no pixel over.
        return (4, 2, 1, 0)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
        assert weights.data is not None
        vertical, horizontal = OPERATOR.axes(graph, node)
        flat = weights.data.reshape(weights.shape[0], -1)
        scales = channel_scales(graph, node, source, weights)
        return Params(
            {
                **gemm_members(flat, None if bias is None else bias.data, source.zero_point, scales),
                "width": horizontal.outputs,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
            }
        )


KERNEL = Conv2D1x1S8Mve()
