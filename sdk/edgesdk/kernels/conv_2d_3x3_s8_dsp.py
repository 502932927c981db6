# SPDX-License-Identifier: Apache-2.0
"""conv_2d_3x3_s8_dsp: CONV_2D with a 3x3 kernel that goes column by column: every column widened once for the three
pixels that are done at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from edgesdk.kernels.base import Kernel, Member, Overlap, Params
from edgesdk.kernels.gemm_dsp import SLOW, STEP, Channels, gemm_members, prepare_channels
from edgesdk.kernels.lags import gathered_overlap
from edgesdk.model.graph import Array, Graph, Node, Tensor
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.weights import channel_scales

KERNEL_SIZE = 3
AROUND = 2  # columns beside a pixel's own


class Conv2D3x3S8Dsp(Kernel):
    symbol = "edge_conv_2d_3x3_s8_dsp"
    ops = ("CONV_2D",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        vertical, horizontal = OPERATOR.axes(graph, node)
        channels, *_, depth = graph.tensor_in(node, 1).shape
        if OPERATOR.groups(graph, node) > 1 or channels < 2 or depth % STEP:
            return False
        if (vertical.kernel, horizontal.kernel) != (KERNEL_SIZE, KERNEL_SIZE):
            return False
        if horizontal.stride > 1 or horizontal.dilation > 1:
            return False
        # What takes TFLite's own steps or a narrower activation is left to the general kernel.
        k = _channels(graph, node)
        lowers = [*range(0, channels - 1, 2), channels - 2]
        narrow = k.scales.low > -128 or k.scales.high < 127
        return not narrow and all(k.run_of(c) != SLOW for c in lowers)

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return self.scratch_choices(graph, node, band)[-1]

    def scratch_choices(self, graph: Graph, node: Node, band: int) -> tuple[int, ...]:
        _, horizontal = OPERATOR.axes(graph, node)
        column = _column_bytes(graph, node)
        two, three = (2 + AROUND) * column, (3 + AROUND) * column
        return (two,) if horizontal.outputs < 3 else (two, three)

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        return {"pixels": min(3, scratch // _column_bytes(graph, node) - AROUND)}

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return gathered_overlap(graph, node)

    def pack(self, graph: Graph, node: Node) -> Params:
        source = graph.tensor_in(node, 0)
        vertical, horizontal = OPERATOR.axes(graph, node)
        members = gemm_members(_channels(graph, node), "edge_conv_2d_3x3_s8_dsp_pixels")
        depth = source.rows_shape[2]
        return Params(
            {
                **{f"gemm.{name}": value for name, value in members.items()},
                "gemm.steps": _words(depth) // KERNEL_SIZE,
                "depth": depth,
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "stride_h": vertical.stride,
                "dilation_h": vertical.dilation,
                "pad_left": horizontal.before,
                "in_zero_point": source.zero_point,
            }
        )


def _words(depth: int) -> int:
    """Weight words of a pair of channels."""
    return KERNEL_SIZE * KERNEL_SIZE * depth // 2


def _column_bytes(graph: Graph, node: Node) -> int:
    return 2 * KERNEL_SIZE * graph.tensor_in(node, 1).shape[3]


def _ordered(weights: Array) -> Array:
    """[channels, elements]: such that the weight words are, for each row and four channels, elements {0, 2} of the
    three columns and then {1, 3} of them."""
    channels, rows, columns, depth = weights.shape
    fours = weights.reshape(channels, rows, columns, depth // STEP, 2, 2)  # ..., half of the word, word
    words = fours.transpose(0, 1, 3, 5, 2, 4).reshape(channels, -1, 2, 2)  # two words of a step of gemm_dsp
    return words.transpose(0, 1, 3, 2).reshape(channels, -1)


def _channels(graph: Graph, node: Node) -> Channels:
    return _prepared(node, tuple(graph.tensors[t] for t in (*node.inputs, *node.outputs) if t >= 0))


@lru_cache(maxsize=1024)
def _prepared(node: Node, tensors: tuple[Tensor, ...]) -> Channels:
    """Proved once per node: a planner asks again for every graph that it tries."""
    graph = Graph("", 0, {t.index: t for t in tensors}, (node,), (), ())
    source, weights, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
    assert weights.data is not None
    flat = weights.data.reshape(weights.shape[0], -1)
    scales = channel_scales(graph, node, source, weights)
    given = None if bias is None else bias.data
    return prepare_channels(flat, _ordered(weights.data), given, source.zero_point, scales)


KERNEL = Conv2D3x3S8Dsp()
