# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_3x3_s8_dsp: DEPTHWISE_CONV_2D with a 3x3 kernel, two rows of it in a word, channel by channel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Kernel, Overlap, Params, Symbol, int32_array
from edgesdk.kernels.depthwise import Channels, depthwise_channels
from edgesdk.kernels.weights import folded_bias
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.convolution import Axis
from edgesdk.ops.depthwise_conv_2d import OPERATOR

TAPS = ((0, 1), (0, 0), (1, 1), (1, 0)), ((2, 0), (0, 2), (2, 1), (1, 2)), ((2, 2),)
"""The weights (row, column) in the bytes of edge_line_channel's first three words; the third has one, in byte 1."""
_MOST_ROWS = 13
"""More make the tables of row pointers long."""


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
        proved = depthwise_channels(graph, node).proved
        return (
            _columns_after(horizontal) <= 1
            and horizontal.inputs + horizontal.before >= 2
            and bool(proved.mean() > 0.75)
        )

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # With stride 1 the rows of a call that lie at one distance share the unpacking of the weights.
        vertical, horizontal = OPERATOR.axes(graph, node)
        calls = -(-vertical.outputs // _MOST_ROWS)
        many = -(-vertical.outputs // calls)
        return (many, 4, 2, 1) if horizontal.stride == 1 and many > 4 else (4, 2, 1)

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Channel by channel, each column read once and before its place is written."""
        return Overlap(0, step=graph.tensor_out(node).rows_shape[2])

    def pack(self, graph: Graph, node: Node) -> Params:
        zero_point = graph.tensor_in(node, 0).zero_point
        vertical, horizontal = OPERATOR.axes(graph, node)
        k = depthwise_channels(graph, node)
        exact = np.flatnonzero(~k.proved)
        bias = folded_bias(k.bias.astype(np.int32), k.weights, zero_point)
        return Params(
            {
                "line": Symbol(f"edge_depthwise_3x3_line_s{horizontal.stride}_{self.family}"),
                # with stride 1 for pitches that differ
                "plain_line": Symbol("edge_depthwise_3x3_line") if len(exact) or horizontal.stride == 1 else None,
                "packed": _packed(k, zero_point),
                "exact": np.append(exact, len(k.proved)).astype(np.uint16),
                "exact_bias": bias[exact] if len(exact) else None,
                "exact_multiplier": k.scales.multiplier[exact] if len(exact) else None,
                "exact_shift": k.scales.shift[exact] if len(exact) else None,
                "channels": len(k.proved),
                "out_width": horizontal.outputs,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "pad_left": horizontal.before,
                "pad_right": max(0, _columns_after(horizontal)),
                "in_zero_point": zero_point,
                "zero_point": k.scales.zero_point,
                "low": k.scales.low,
                "high": k.scales.high,
            }
        )


def _columns_after(axis: Axis) -> int:
    """How far the last output reaches past the row."""
    return (axis.outputs - 1) * axis.stride + 3 - axis.before - axis.inputs


def _packed(k: Channels, zero_point: int) -> npt.NDArray[np.uint32]:
    """[channels, 5]: edge_line_channel."""
    words = np.zeros((len(k.weights), 5), np.uint32)
    taps = k.weights.reshape(-1, 3, 3).astype(np.int64)
    for word, (taken, byte) in enumerate(zip(TAPS, (0, 0, 1), strict=True), 1):
        for i, (row, column) in enumerate(taken, byte):
            words[:, word] |= ((taps[:, row, column] & 0xFF) << (8 * i)).astype(np.uint32)
    words[:, 0] = int32_array(k.offset - (zero_point * taps.sum(axis=(1, 2)) << 8)).view(np.uint32)
    words[:, 4] = k.multiplier.view(np.uint32)
    return words


KERNEL = DepthwiseConv2D3x3S8Dsp()
