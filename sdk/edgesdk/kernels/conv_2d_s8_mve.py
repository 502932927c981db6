# SPDX-License-Identifier: Apache-2.0
"""conv_2d_s8_mve: CONV_2D on cores with Helium, by patches gathered into scratch."""

from __future__ import annotations

from collections.abc import Mapping

from edgesdk.kernels.base import Member, Params
from edgesdk.kernels.conv_2d_s8 import Conv2DS8
from edgesdk.kernels.gemm_mve import can_requantize, gemm_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR
from edgesdk.ops.convolution import Axis
from edgesdk.ops.weights import channel_scales

_MORE_PATCHES = (4, 8, 16, 32)
_MOST_BYTES = 2048  # beyond, what a call costs is nothing beside its patches


_MOST_PATCH = 0xFFFF
"""Bytes: the params' fields have 16 bits."""


class Conv2DS8Mve(Conv2DS8):
    """Bands and overlap are the portable kernel's: the same patches in the same order, copied no later."""

    symbol = "edge_conv_2d_s8_mve"
    family = "mve"

    def accepts(self, graph: Graph, node: Node) -> bool:
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        if _patch(graph, node) > _MOST_PATCH:
            return False
        return OPERATOR.groups(graph, node) == 1 and can_requantize(channel_scales(graph, node, source, weights))

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        return self.scratch_choices(graph, node, band)[-1]

    def scratch_choices(self, graph: Graph, node: Node, band: int) -> tuple[int, ...]:
        # A call of the core costs as much as a third of a first layer's pixel; it serves all patches that there are.
        _, horizontal = OPERATOR.axes(graph, node)
        fewest = super().scratch_bytes(graph, node, band)
        patch = _patch(graph, node)
        more = (n * patch for n in _MORE_PATCHES if n <= horizontal.outputs)
        return fewest, *(total for total in more if total <= _MOST_BYTES)

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        return {"patches": scratch // _patch(graph, node)}

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # A call costs as much as ten pixels of eight channels; an even number of rows leaves no pixel over.
        return (4, 2, 1, 0)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights, bias = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
        assert weights.data is not None
        vertical, horizontal = OPERATOR.axes(graph, node)
        flat = weights.data.reshape(weights.shape[0], -1)
        inner = _inner(horizontal)
        scales = channel_scales(graph, node, source, weights)
        return Params(
            {
                **gemm_members(flat, None if bias is None else bias.data, source.zero_point, scales),
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
                "inner_from": inner.start,
                "inner_to": inner.stop,
                "run": horizontal.kernel * weights.shape[3],
                "patch": _patch(graph, node),
                "in_zero_point": source.zero_point,
            }
        )


def _inner(axis: Axis) -> range:
    """Outputs whose windows lie in the frame, without gaps."""
    last = (axis.inputs - axis.kernel + axis.before) // axis.stride
    return range(-(-axis.before // axis.stride), max(0, min(last + 1, axis.outputs)) if axis.dilation == 1 else 0)


def _patch(graph: Graph, node: Node) -> int:
    """Bytes of a pixel's patch in scratch."""
    weights = graph.tensor_in(node, 1)
    return -(-weights.elements // weights.shape[0] // 4) * 4


KERNEL = Conv2DS8Mve()
