# SPDX-License-Identifier: Apache-2.0
"""depthwise_conv_2d_3x3_s8_mve: DEPTHWISE_CONV_2D with a 3x3 kernel on cores with Helium, a window in a vector."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Kernel, Member, Overlap, Params, Symbol, int32_array
from edgesdk.kernels.depthwise import depthwise_channels
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.convolution import Axis
from edgesdk.ops.depthwise_conv_2d import OPERATOR

AHEAD = 8
"""EDGE_DEPTHWISE_MVE_AHEAD."""
_VECTOR = 16
_LEAST_WIDTH = 6
"""Outputs of a row; fewer cost more than the dsp kernel, whose rows need no copy."""
_SIZES = ((8, 4), (8, 8), (16, 8))
"""Channels and tiles that scratch may hold, fewest first: few tiles at a time cost most."""


class DepthwiseConv2D3x3S8Mve(Kernel):
    symbol = "edge_depthwise_conv_2d_3x3_s8_mve"
    ops = ("DEPTHWISE_CONV_2D",)
    family = "mve"

    def accepts(self, graph: Graph, node: Node) -> bool:
        vertical, horizontal = OPERATOR.axes(graph, node)
        if node.options.depth_multiplier != 1 or horizontal.stride > 2 or horizontal.before > 2:
            return False
        if horizontal.outputs < _LEAST_WIDTH or (horizontal.stride == 1 and vertical.stride != 1):
            return False
        if any(a.kernel != 3 or a.dilation != 1 for a in (vertical, horizontal)):
            return False
        return bool(depthwise_channels(graph, node).proved.all())

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        """With stride 1 a tile has two rows."""
        _, horizontal = OPERATOR.axes(graph, node)
        return (2, 4, 1) if horizontal.stride == 1 else (1, 2, 4)

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return self.scratch_choices(graph, node, band)[-1]

    def scratch_choices(self, graph: Graph, node: Node, band: int) -> tuple[int, ...]:
        return tuple(dict.fromkeys(_scratch(graph, node, *size) for size in _SIZES))

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        block, tiles = max(_held(graph, node, *size) for size in _SIZES if _scratch(graph, node, *size) <= scratch)
        return {"block": block, "tiles": tiles}

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """Block of channels by block; what is read of a row is in scratch before its place is written."""
        return Overlap(0, step=graph.tensor_out(node).rows_shape[2])

    def pack(self, graph: Graph, node: Node) -> Params:
        zero_point = graph.tensor_in(node, 0).zero_point
        vertical, horizontal = OPERATOR.axes(graph, node)
        k = depthwise_channels(graph, node)
        sums = k.weights.astype(np.int64).sum(axis=1)
        return Params(
            {
                "core": Symbol(f"edge_depthwise_core_s{horizontal.stride}_s8_mve"),
                "weights": _packed(k.weights, _rows(horizontal)),
                "scale": np.stack([int32_array(k.offset - (zero_point * sums << 8)), k.multiplier], axis=1),
                "channels": len(sums),
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "pad_left": horizontal.before,
                "in_zero_point": zero_point,
            }
        )


def _rows(horizontal: Axis) -> int:
    """Of the columns in scratch."""
    return 4 if horizontal.stride == 1 else 3


def _across(horizontal: Axis) -> int:
    """Outputs of a tile side by side."""
    return 2 if horizontal.stride == 1 else 4


def _held(graph: Graph, node: Node, block: int, tiles: int) -> tuple[int, int]:
    """Channels and tiles, no more than there are."""
    _, horizontal = OPERATOR.axes(graph, node)
    return min(block, graph.tensor_out(node).rows_shape[2]), min(tiles, -(-horizontal.outputs // _across(horizontal)))


def _scratch(graph: Graph, node: Node, block: int, tiles: int) -> int:
    """Bytes of the columns of so many tiles; the core reads and the kernel moves whole vectors."""
    _, horizontal = OPERATOR.axes(graph, node)
    block, tiles = _held(graph, node, block, tiles)
    columns = _across(horizontal) * horizontal.stride * tiles + 3 - horizontal.stride
    return -(-(_rows(horizontal) * block * columns + _VECTOR) // 4) * 4


def _packed(weights: Array, rows: int) -> npt.NDArray[np.int8]:
    """The taps of each channel in 16 bytes, `rows` for a column, behind AHEAD zeros."""
    taps = np.zeros((len(weights), 4, rows), np.int8)
    taps[:, :3, :3] = weights.reshape(-1, 3, 3).transpose(0, 2, 1)
    flat = taps.reshape(len(weights), -1)
    return np.concatenate([np.zeros(AHEAD, np.int8), np.pad(flat, ((0, 0), (0, 16 - flat.shape[1]))).reshape(-1)])


KERNEL = DepthwiseConv2D3x3S8Mve()
