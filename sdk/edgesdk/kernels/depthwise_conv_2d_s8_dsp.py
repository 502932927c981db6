# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_s8_dsp: DEPTHWISE_CONV_2D of any geometry, four channels at a time."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Overlap, Params, int32_array
from edgesdk.kernels.depthwise import bias_of, depthwise_short_scales, planar_weights
from edgesdk.kernels.short_scales import PRESHIFT
from edgesdk.kernels.windows import windowed_overlap
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.depthwise_conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales

BLOCK = 4


class DepthwiseConv2DS8Dsp(Kernel):
    symbol = "edge_depthwise_conv_2d_s8_dsp"
    ops = ("DEPTHWISE_CONV_2D",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        return bool(node.options.depth_multiplier == 1)

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """As channel by channel: a block of channels is read to the end before any of it is written."""
        _, horizontal = OPERATOR.axes(graph, node)
        channels = graph.tensor_out(node).shape[3]
        return windowed_overlap(horizontal.outputs, horizontal.stride, horizontal.before, channels, channels)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        vertical, horizontal = OPERATOR.axes(graph, node)
        scales, short = channel_scales(graph, node, source, weights), depthwise_short_scales(graph, node)
        planar, bias = planar_weights(graph, node), bias_of(graph, node)
        channels = len(planar)
        multiplier, shift = (np.broadcast_to(a, channels) for a in (scales.multiplier, scales.shift))
        padded = np.pad(planar, ((0, -channels % BLOCK), (0, 0)))
        blocks = np.ascontiguousarray(padded.reshape(-1, BLOCK, planar.shape[1]).transpose(0, 2, 1))
        offset = np.where(short.proven, (bias << PRESHIFT) + short.offset, 0)
        exact = not short.proven.all()
        return Params(
            {
                "weights": blocks.view(np.uint32)[..., 0],
                "scale": np.stack([int32_array(offset), short.factor], axis=1),
                "exact_bias": int32_array(bias) if exact else None,
                "exact_multiplier": multiplier if exact else None,
                "exact_right": -shift if exact else None,
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
                "in_offset": -source.zero_point,
                "zero_point": scales.zero_point,
                "low": scales.low,
                "high": scales.high,
            }
        )


KERNEL = DepthwiseConv2DS8Dsp()
