# SPDX-License-Identifier: Apache-2.0
"""fully_connected_s8_dsp: FULLY_CONNECTED on cores with DSP, four output channels at a time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from edgesdk.kernels.base import Kernel, Member, Params, Symbol
from edgesdk.kernels.gemm_dsp import STEP, Channels, prepare_channels, quad_stream
from edgesdk.model.graph import Graph, Node, Tensor
from edgesdk.ops.fully_connected import OPERATOR


class FullyConnectedS8Dsp(Kernel):
    symbol = "edge_fully_connected_s8_dsp"
    ops = ("FULLY_CONNECTED",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        items, weights = OPERATOR.items(graph, node), graph.tensor_in(node, 1)
        if items is None or items.rows != 1 or weights.shape[0] < 4 or weights.zero_point != 0:
            return False
        channels = _channels(graph, node)
        count = len(channels.weights)
        return all(channels.is_fast(c) for first in _starts(count) for c in (first, first + 2))

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        depth = graph.tensor_in(node, 1).shape[1]
        return 2 * (depth + -depth % STEP)

    def scratch_choices(self, graph: Graph, node: Node, band: int) -> tuple[int, ...]:
        # Bytes as they lie take a seventh more instructions than widened ones, but no memory.
        items, depth = OPERATOR.items(graph, node), graph.tensor_in(node, 1).shape[1]
        assert items is not None
        wide = self.scratch_bytes(graph, node, band)
        return (0, wide) if items.width == 1 and depth % STEP == 0 else (wide,)

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        core = f"edge_gemm_quad_{'wide' if scratch else 'bytes'}"
        return {
            "multiply": Symbol(f"{core}_s8_dsp"),
            "epilogue": Symbol(f"&{core}_{_channels(graph, node).epilogue}"),
        }

    def pack(self, graph: Graph, node: Node) -> Params:
        items, channels = OPERATOR.items(graph, node), _channels(graph, node)
        assert items is not None
        count, depth = graph.tensor_in(node, 1).shape
        scales = channels.scales
        return Params(
            {
                "stream": quad_stream(channels),
                "steps": channels.weights.shape[1] // STEP,
                "depth": depth,
                "channels": count,
                "quads": count // 4,
                "item_width": items.width,
                "item_channels": items.channels,
                "row_items": items.in_row,
                "width": items.out_row,
                "low": scales.low,
                "high": scales.high,
                "narrow": int(scales.low > -128 or scales.high < 127),
            }
        )


def _starts(channels: int) -> list[int]:
    return [*range(0, channels - 3, 4), *([channels - 4] if channels % 4 else [])]


def _channels(graph: Graph, node: Node) -> Channels:
    return _proved(node, tuple(graph.tensors[t] for t in (*node.inputs, *node.outputs) if t >= 0))


@lru_cache(maxsize=64)
def _proved(node: Node, tensors: tuple[Tensor, ...]) -> Channels:
    """Once per node: a planner asks again for every graph that it tries."""
    graph = Graph("", 0, {t.index: t for t in tensors}, (node,), (), ())
    source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
    assert weights.data is not None
    bias = graph.input(node, 2)
    elements = np.pad(weights.data, ((0, 0), (0, -weights.shape[1] % STEP)))
    given = None if bias is None else bias.data
    return prepare_channels(weights.data, elements, given, source.zero_point, OPERATOR.scales(graph, node))


KERNEL = FullyConnectedS8Dsp()
