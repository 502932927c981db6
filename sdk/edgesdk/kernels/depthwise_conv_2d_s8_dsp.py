# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_s8_dsp: DEPTHWISE_CONV_2D of any geometry, four channels at a time."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Overlap, Params, int32_array
from edgesdk.kernels.depthwise import depthwise_channels
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.depthwise_conv_2d import OPERATOR

BLOCK = 4


class DepthwiseConv2DS8Dsp(Kernel):
    symbol = "edge_depthwise_conv_2d_s8_dsp"
    ops = ("DEPTHWISE_CONV_2D",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        return bool(node.options.depth_multiplier == 1)

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        """A word for each pixel that an output waits for before it may be written."""
        _, horizontal = OPERATOR.axes(graph, node)
        return BLOCK * (horizontal.before + 1)

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Block of channels by block; an output is written when no later one of the block reads its pixel any more."""
        return Overlap(0, step=graph.tensor_out(node).rows_shape[2])

    def pack(self, graph: Graph, node: Node) -> Params:
        vertical, horizontal = OPERATOR.axes(graph, node)
        k = depthwise_channels(graph, node)
        channels, taps = k.weights.shape
        padded = np.pad(k.weights, ((0, -channels % BLOCK), (0, 0)))
        blocks = np.ascontiguousarray(padded.reshape(-1, BLOCK, taps).transpose(0, 2, 1))
        exact = not k.proved.all()
        return Params(
            {
                "weights": blocks.view(np.uint32)[..., 0],
                "scale": np.stack([k.offset, k.multiplier], axis=1),
                "exact_bias": int32_array(k.bias) if exact else None,
                "exact_multiplier": k.scales.multiplier if exact else None,
                "exact_right": -k.scales.shift if exact else None,
                "channels": channels,
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "kernel_h": vertical.kernel,
                "kernel_w": horizontal.kernel,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "dilation_h": vertical.dilation,
                "dilation_w": horizontal.dilation,
                "pad_left": horizontal.before,
                "in_offset": -graph.tensor_in(node, 0).zero_point,
                "zero_point": k.scales.zero_point,
                "low": k.scales.low,
                "high": k.scales.high,
            }
        )


KERNEL = DepthwiseConv2DS8Dsp()
