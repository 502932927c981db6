# SPDX-License-Identifier: Apache-2.0
"""conv_2d_pool_s8_dsp: conv_2d_s8_dsp with edgesdk.CrossChannelPool behind its matrix core."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from edgesdk.kernels.base import Member, Overlap, Params
from edgesdk.kernels.conv_2d_s8_dsp import Conv2DS8Dsp
from edgesdk.kernels.gemm_dsp import runs_members
from edgesdk.kernels.lags import gathered_overlap
from edgesdk.kernels.pooled import pool_behind
from edgesdk.model.graph import Array, Graph, Node

_CHANNELS = 32
"""EDGE_CONV_2D_POOL_DSP_CHANNELS."""
_WORD = 4
"""Outputs that are pooled in one go."""
_LARGEST_AVERAGE = 256
"""Channels of a group whose sum fits 16 bits."""


class Conv2DPoolS8Dsp(Conv2DS8Dsp):
    symbol = "edge_conv_2d_pool_s8_dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        return super().accepts(graph, node) and self.fuses(graph, node) is not None

    def fuses(self, graph: Graph, node: Node) -> int | None:
        pool = pool_behind(graph, node, 1)
        if pool is None:
            return None
        options = graph.nodes[pool].options
        return pool if options.pool == "max" or options.group <= _LARGEST_AVERAGE else None

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        return {f"conv.{name}": value for name, value in super().scratch_members(graph, node, scratch).items()}

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return gathered_overlap(graph, node, stored=_pooled(graph, self._pool(graph, node)))

    def gemm(self, graph: Graph, node: Node) -> Mapping[str, Member]:
        pool = self._pool(graph, node)
        channels = self.channels(graph, node, _order(_pooled(graph, pool), pool.options.group))
        return {**runs_members(channels, f"{self.symbol}_{pool.options.pool}"), "channels": _pooled(graph, pool)}

    def pack(self, graph: Graph, node: Node) -> Params:
        pool = self._pool(graph, node)
        outputs, members = _block(_pooled(graph, pool), pool.options.group)
        conv = {f"conv.{name}": value for name, value in super().pack(graph, node).members.items()}
        return Params({**conv, "group": pool.options.group, "outputs": outputs, "members": members})

    def _pool(self, graph: Graph, node: Node) -> Node:
        pool = self.fuses(graph, node)
        assert pool is not None
        return graph.nodes[pool]


def _pooled(graph: Graph, pool: Node) -> int:
    """Channels that the pool leaves."""
    return int(graph.tensor_out(pool).shape[3])


def _block(outputs: int, group: int) -> tuple[int, int]:
    """Outputs of a block and members of a round: whole words of outputs, and few rounds."""
    if outputs * group <= _CHANNELS:
        return outputs, group
    block = min(outputs, max(_WORD, _CHANNELS // group // _WORD * _WORD))
    return block, min(group, _CHANNELS // block)


def _order(outputs: int, group: int) -> Array:
    """The convolution's channels as the stream has them; an odd last one of a round comes twice."""
    block, most = _block(outputs, group)
    order: list[int] = []
    for start in range(0, outputs, block):
        made = range(start, min(start + block, outputs))
        for first in range(0, group, most):
            members = range(first, min(first + most, group))
            order += [c * group + m for m in members for c in made]
            order += order[-1:] * (len(made) * len(members) % 2)
    return np.array(order)


KERNEL = Conv2DPoolS8Dsp()
