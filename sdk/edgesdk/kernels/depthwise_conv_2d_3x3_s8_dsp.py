# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_3x3_s8_dsp: DEPTHWISE_CONV_2D with a 3x3 kernel, two rows of it in a word, channel by channel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Kernel, Overlap, Params, int32_array
from edgesdk.kernels.depthwise import bias_of, depthwise_short_scales, planar_weights
from edgesdk.kernels.short_scales import PRESHIFT, ShortScales
from edgesdk.kernels.weights import folded_bias
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.convolution import Axis
from edgesdk.ops.depthwise_conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales

TAPS = ((0, 1), (0, 0), (1, 1), (1, 0)), ((2, 0), (0, 2), (2, 1), (1, 2)), ((2, 2),)
"""The weights (row, column) in the bytes of edge_line_channel's first three words; the third has one, in byte 1."""


class DepthwiseConv2D3x3S8Dsp(Kernel):
    symbol = "edge_depthwise_conv_2d_3x3_s8_dsp"
    ops = ("DEPTHWISE_CONV_2D",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        vertical, horizontal = OPERATOR.axes(graph, node)
        if node.options.depth_multiplier != 1 or horizontal.stride > 2 or horizontal.before > 1:
            return False
        if any(a.kernel != 3 or a.dilation != 1 for a in (vertical, horizontal)):
            return False
        # A channel without a proof costs as much as three with one.
        proven = depthwise_short_scales(graph, node).proven
        return (
            _columns_after(horizontal) <= 1
            and horizontal.inputs + horizontal.before >= 2
            and bool(proven.mean() > 0.75)
        )

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # Rows are made one by one, but calls cost some instructions too.
        return (4, 2, 1)

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Channel by channel, each column read once and before its place is written."""
        return Overlap(0, step=graph.tensor_out(node).rows_shape[2])

    def pack(self, graph: Graph, node: Node) -> Params:
        source, target, weights = graph.tensor_in(node, 0), graph.tensor_out(node), graph.tensor_in(node, 1)
        vertical, horizontal = OPERATOR.axes(graph, node)
        scales, short = channel_scales(graph, node, source, weights), depthwise_short_scales(graph, node)
        channels = weights.shape[3]
        planar = planar_weights(graph, node)
        bias = folded_bias(bias_of(graph, node), planar, source.zero_point)
        exact = np.flatnonzero(~short.proven)
        multiplier, shift = (np.broadcast_to(a, channels) for a in (scales.multiplier, scales.shift))
        return Params(
            {
                "packed": _packed(planar.reshape(channels, 3, 3), bias, short),
                "exact": np.append(exact, channels).astype(np.uint16),
                "exact_bias": bias[exact] if len(exact) else None,
                "exact_multiplier": multiplier[exact] if len(exact) else None,
                "exact_shift": shift[exact] if len(exact) else None,
                "channels": channels,
                "out_width": horizontal.outputs,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "pad_left": horizontal.before,
                "pad_right": max(0, _columns_after(horizontal)),
                "in_zero_point": source.zero_point,
                "zero_point": target.zero_point,
                "low": scales.low,
                "high": scales.high,
            }
        )


def _columns_after(axis: Axis) -> int:
    """How far the last output reaches past the row."""
    return (axis.outputs - 1) * axis.stride + 3 - axis.before - axis.inputs


def _packed(weights: npt.NDArray[np.int8], bias: npt.NDArray[np.int32], short: ShortScales) -> npt.NDArray[np.uint32]:
    """[channels, 5]: edge_line_channel."""
    words = np.zeros((len(weights), 5), np.uint32)
    taps = weights.astype(np.int64) & 0xFF
    for word, (taken, byte) in enumerate(zip(TAPS, (0, 0, 1), strict=True), 1):
        for i, (row, column) in enumerate(taken, byte):
            words[:, word] |= (taps[:, row, column] << (8 * i)).astype(np.uint32)
    words[:, 0] = int32_array((bias.astype(np.int64) << PRESHIFT) + short.offset).view(np.uint32)
    words[:, 4] = short.factor.view(np.uint32)
    return words


KERNEL = DepthwiseConv2D3x3S8Dsp()
