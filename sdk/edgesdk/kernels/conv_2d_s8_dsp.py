# SPDX-License-Identifier: Apache-2.0
"""conv_2d_s8_dsp: CONV_2D on cores with DSP, three pixels and two channels at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from edgesdk.kernels.base import Kernel, Member, Overlap, Params
from edgesdk.kernels.gemm_dsp import STEP, Channels, gemm_members, prepare_channels
from edgesdk.kernels.lags import gathered_overlap
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales

_SHORT = 512
"""Bytes."""


class Conv2DS8Dsp(Kernel):
    symbol = "edge_conv_2d_s8_dsp"
    ops = ("CONV_2D",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        return OPERATOR.groups(graph, node) == 1 and graph.tensor_in(node, 1).shape[0] >= 2

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return self.scratch_choices(graph, node, band)[-1]

    def scratch_choices(self, graph: Graph, node: Node, band: int) -> tuple[int, ...]:
        # Patches of two pixels or of three. One alone costs as much as two: short patches leave none.
        _, horizontal = OPERATOR.axes(graph, node)
        patch = 2 * _elements(graph, node)
        if horizontal.outputs < 3:
            return (2 * patch,)
        return (3 * patch,) if horizontal.outputs % 2 and patch <= _SHORT else (2 * patch, 3 * patch)

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        return {"pixels": min(3, scratch // (2 * _elements(graph, node)))}

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return gathered_overlap(graph, node)

    def channels(self, graph: Graph, node: Node, order: Array | None = None) -> Channels:
        """The output channels as they are, or by these indices."""
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        bias = graph.input(node, 2)
        flat, elements = weights.data.reshape(weights.shape[0], -1), _ordered(weights.data)
        scales = channel_scales(graph, node, source, weights)
        given = None if bias is None else bias.data
        if order is not None:
            flat, elements, given = flat[order], elements[order], None if given is None else given[order]
            if len(scales.multiplier) > 1:
                scales = replace(scales, multiplier=scales.multiplier[order], shift=scales.shift[order])
        return prepare_channels(flat, elements, given, source.zero_point, scales)

    def gemm(self, graph: Graph, node: Node) -> Mapping[str, Member]:
        """The members of edge_gemm_s8_dsp."""
        return gemm_members(self.channels(graph, node))

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        assert weights.data is not None
        vertical, horizontal = OPERATOR.axes(graph, node)
        return Params(
            {
                **{f"gemm.{name}": value for name, value in self.gemm(graph, node).items()},
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
                "merged": int(_is_merged(weights.data)),
            }
        )


def _is_merged(weights: Array) -> bool:
    _, kernel_h, kernel_w, depth = weights.shape
    return bool(kernel_w * depth % STEP == 1 and 1 < kernel_h <= STEP)


def _ordered(weights: Array) -> Array:
    """[channels, elements]: as the gatherer orders and pads a patch."""
    channels, kernel_h, kernel_w, depth = weights.shape
    rows = weights.reshape(channels, kernel_h, kernel_w * depth)
    if _is_merged(weights):
        last = np.pad(rows[:, :, -1], ((0, 0), (0, STEP - kernel_h)))
        return np.concatenate([rows[:, :, :-1].reshape(channels, -1), last], axis=1)
    return np.pad(rows, ((0, 0), (0, 0), (0, -rows.shape[2] % STEP))).reshape(channels, -1)


def _elements(graph: Graph, node: Node) -> int:
    weights = graph.tensor_in(node, 1).data
    assert weights is not None
    return int(_ordered(weights[:1]).shape[1])


KERNEL = Conv2DS8Dsp()
