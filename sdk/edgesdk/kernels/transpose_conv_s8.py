# SPDX-License-Identifier: Apache-2.0
"""transpose_conv_s8: TRANSPOSE_CONV, every output pixel gathered from the inputs that reach it."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Params
from edgesdk.kernels.weights import clamp_members, folded_bias, narrow_member, scale_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.transpose_conv import BIAS, INPUT, OPERATOR, WEIGHTS
from edgesdk.ops.weights import channel_scales


class TransposeConvS8(Kernel):
    symbol = "edge_transpose_conv_s8"
    ops = ("TRANSPOSE_CONV",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return -(-graph.tensor_in(node, INPUT).shape[3] // 4) * 4

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, INPUT), graph.tensor_in(node, WEIGHTS)
        assert weights.data is not None
        bias = graph.input(node, BIAS)
        vertical, horizontal = OPERATOR.axes(graph, node)
        channels, kernel_h, kernel_w, depth = weights.shape
        scales = channel_scales(graph, node, source, weights)
        # Outputs of one phase of the strides use the same taps, so they share a folded bias.
        biases = [
            folded_bias(
                None if bias is None else bias.data,
                weights.data[:, y :: vertical.stride, x :: horizontal.stride].reshape(channels, -1),
                source.zero_point,
            )
            for y in range(vertical.stride)
            for x in range(horizontal.stride)
        ]
        return Params(
            {
                "weights": weights.data,
                "bias": np.concatenate(biases),
                **scale_members(scales),
                "depth": kernel_h * kernel_w * depth,
                "channels": channels,
                "in_channels": depth,
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "kernel_h": kernel_h,
                "kernel_w": kernel_w,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "pad_top": vertical.before,
                "pad_left": horizontal.before,
                "in_zero_point": source.zero_point,
                **clamp_members(scales),
                **narrow_member(scales),
            }
        )


KERNEL = TransposeConvS8()
