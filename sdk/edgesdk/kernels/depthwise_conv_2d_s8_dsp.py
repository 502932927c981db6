# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_s8_dsp: DEPTHWISE_CONV_2D of any geometry, four channels of a pixel at a time, or four pixels of a
channel where scratch has room for it in a plane."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from edgesdk.kernels.base import Kernel, Member, Overlap, Params, Symbol, int32_array
from edgesdk.kernels.depthwise import depthwise_channels
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.depthwise_conv_2d import OPERATOR

BLOCK = 4
_PLANES = 2  # channels that are in scratch at once
_ORDERS = {3: (0, 2, 1), 5: (0, 2, 1, 3, 4), 7: (0, 2, 1, 3, 4, 6, 5)}
"""The taps of a kernel's row as the planes' cores read them, by its width."""


class DepthwiseConv2DS8Dsp(Kernel):
    symbol = "edge_depthwise_conv_2d_s8_dsp"
    ops = ("DEPTHWISE_CONV_2D",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        return bool(node.options.depth_multiplier == 1)

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return self.scratch_choices(graph, node, band)[-1]

    def scratch_choices(self, graph: Graph, node: Node, band: int) -> tuple[int, ...]:
        """A word for each pixel that an output waits for before it may be written; planes of halfwords."""
        vertical, horizontal = OPERATOR.axes(graph, node)
        waiting = BLOCK * (horizontal.before + 1)
        if horizontal.kernel not in _ORDERS or horizontal.dilation != 1 or horizontal.stride > 2:
            return (waiting,)
        if graph.tensor_out(node).rows_shape[2] < BLOCK:
            return (waiting,)
        groups = -(-horizontal.outputs // BLOCK)
        width = groups * BLOCK * horizontal.stride + horizontal.kernel + 1
        return (waiting, 2 * _PLANES * vertical.kernel * width)

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        vertical, horizontal = OPERATOR.axes(graph, node)
        weights = depthwise_channels(graph, node).weights
        if scratch > self.scratch_choices(graph, node, 1)[0]:
            rows = weights.reshape(len(weights), vertical.kernel, horizontal.kernel)
            ordered = rows[:, :, _ORDERS[horizontal.kernel]].reshape(-1)
            core = f"edge_depthwise_planes{horizontal.kernel}{horizontal.stride}_s8_dsp"
            return {"make_row": Symbol(core), "weights": np.append(ordered, np.int8(0))}
        count = len(weights)
        padded = np.pad(weights, ((0, max(0, BLOCK - count)), (0, 0)))
        firsts = np.minimum(np.arange(0, count, BLOCK), max(0, count - BLOCK))
        blocks = np.ascontiguousarray(padded[firsts[:, None] + np.arange(BLOCK)].transpose(0, 2, 1))
        return {"make_row": Symbol("edge_depthwise_pixels_s8_dsp"), "weights": blocks.view(np.uint32)[..., 0]}

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Channel by channel, or by four; an output is written when no later one of them reads its pixel any more."""
        return Overlap(0, step=graph.tensor_out(node).rows_shape[2])

    def pack(self, graph: Graph, node: Node) -> Params:
        vertical, horizontal = OPERATOR.axes(graph, node)
        k = depthwise_channels(graph, node)
        exact = not k.proved.all()
        return Params(
            {
                "scale": np.stack([k.offset, k.multiplier], axis=1),
                "exact_bias": int32_array(k.bias) if exact else None,
                "exact_multiplier": k.scales.multiplier if exact else None,
                "exact_right": -k.scales.shift if exact else None,
                "channels": len(k.weights),
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
