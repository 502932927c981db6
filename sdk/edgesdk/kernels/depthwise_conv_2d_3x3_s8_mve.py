# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_3x3_s8_mve: DEPTHWISE_CONV_2D with a 3x3 kernel on cores with Helium, four channels at a time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Kernel, Member, Overlap, Params, Symbol, int32_array
from edgesdk.kernels.depthwise import depthwise_channels
from edgesdk.kernels.gemm_mve import can_requantize, scale_words
from edgesdk.kernels.weights import folded_bias
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.depthwise_conv_2d import OPERATOR

AHEAD = 4
"""EDGE_DEPTHWISE_MVE_AHEAD."""
BLOCK = 16
"""EDGE_DEPTHWISE_MVE_BLOCK."""
_COLUMN = BLOCK * 4
"""Bytes of a column in scratch."""
_HELD = (3, 5, 8, 16)
"""Outputs of a row that scratch may have columns for; few at a time cost most."""


class DepthwiseConv2D3x3S8Mve(Kernel):
    symbol = "edge_depthwise_conv_2d_3x3_s8_mve"
    ops = ("DEPTHWISE_CONV_2D",)
    family = "mve"

    def accepts(self, graph: Graph, node: Node) -> bool:
        vertical, horizontal = OPERATOR.axes(graph, node)
        if node.options.depth_multiplier != 1 or horizontal.stride > 2 or horizontal.before > 2:
            return False
        if horizontal.stride == 1 and vertical.stride != 1:
            return False
        if any(a.kernel != 3 or a.dilation != 1 for a in (vertical, horizontal)):
            return False
        channels = depthwise_channels(graph, node)
        return bool(channels.proved.all()) or can_requantize(channels.scales)

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        """With stride 1 two rows share a copy of the four that they read."""
        _, horizontal = OPERATOR.axes(graph, node)
        return (2, 4, 1, 0) if horizontal.stride == 1 else (1, 2, 4, 0)

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return self.scratch_choices(graph, node, band)[-1]

    def scratch_choices(self, graph: Graph, node: Node, band: int) -> tuple[int, ...]:
        return tuple(dict.fromkeys(_scratch(graph, node, held) for held in _HELD))

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        _, horizontal = OPERATOR.axes(graph, node)
        most = max(held for held in _HELD if _scratch(graph, node, held) <= scratch)
        return {"held": min(most, horizontal.outputs)}

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Block of channels by block; what is read of a row is in scratch before its place is written."""
        return Overlap(0, step=graph.tensor_out(node).rows_shape[2])

    def pack(self, graph: Graph, node: Node) -> Params:
        zero_point = graph.tensor_in(node, 0).zero_point
        vertical, horizontal = OPERATOR.axes(graph, node)
        k = depthwise_channels(graph, node)
        if k.proved.all():
            core, weights = "core", k.weights
            offset = k.offset - (zero_point * weights.astype(np.int64).sum(axis=1) << 8)
            words = [int32_array(offset), k.multiplier]
        else:
            given = graph.tensor_in(node, 1).data
            assert given is not None
            core, weights = "exact_core", given.reshape(9, -1).T
            words = [folded_bias(k.bias, weights, zero_point), *scale_words(k.scales)]
        return Params(
            {
                "core": Symbol(f"edge_depthwise_{core}_s{horizontal.stride}_s8_mve"),
                "weights": _packed(weights),
                "scale": _in_fours(*words),
                "scale_words": len(words),
                "channels": len(weights),
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "pad_left": horizontal.before,
                "in_zero_point": zero_point,
                "zero_point": k.scales.zero_point,
            }
        )


def _scratch(graph: Graph, node: Node, held: int) -> int:
    """Bytes of the columns of so many outputs, no more than there are."""
    _, horizontal = OPERATOR.axes(graph, node)
    return _COLUMN * ((min(held, horizontal.outputs) - 1) * horizontal.stride + 3)


def _packed(weights: Array) -> npt.NDArray[np.int8]:
    """The taps of each channel in 16 bytes, four for a column, behind AHEAD zeros."""
    taps = np.zeros((-(-len(weights) // 4) * 4, 4, 4), np.int8)
    taps[: len(weights), :3, :3] = weights.reshape(-1, 3, 3).transpose(0, 2, 1)
    return np.concatenate([np.zeros(AHEAD, np.int8), taps.reshape(-1)])


def _in_fours(*constants: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """[channels / 4, constants, 4]."""
    padded = np.pad(np.stack(constants), ((0, 0), (0, -len(constants[0]) % 4)))
    return padded.reshape(len(constants), -1, 4).transpose(1, 0, 2)


KERNEL = DepthwiseConv2D3x3S8Mve()
