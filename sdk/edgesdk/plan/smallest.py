# SPDX-License-Identifier: Apache-2.0
"""The kernels with which a graph takes the least flash: fewer kinds of code, or weights packed more tightly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from edgesdk.kernels.base import Kernel, Symbol
from edgesdk.kernels.costs import CostTable
from edgesdk.kernels.palette import Palette, bands_of
from edgesdk.model.graph import Graph
from edgesdk.ops import find_operator


@dataclass(frozen=True)
class _Way:
    """A kernel for a node: what it links, and the bytes of its arrays by what they hold, since equal ones are stored
    once."""

    kernel: Kernel
    arrays: Mapping[tuple[str, bytes], int]
    names: frozenset[str]


def smallest(graph: Graph, palette: Palette) -> Palette:
    """The palette with those kernels first that make code and constants of the graph smallest, by the core's table of
    functions; without costs, so that their order decides. The palette itself where nothing was measured on the core.

    Starts from all kernels and from those of the last family, and drops or adds one at a time while that helps.
    """
    if palette.costs is None:
        return palette
    ways = [
        [_way(graph, k, i) for k in palette.able(graph, node)]
        for i, node in enumerate(graph.nodes)
        if not find_operator(node.op).view
    ]
    used = tuple(k for k in palette.kernels if any(way.kernel is k for able in ways for way in able))
    starts = (used, tuple(k for k in used if k.family == palette.kernels[-1].family))
    best = min((_searched(palette.costs, ways, used, start) for start in starts), key=lambda found: found[0])[1]
    return replace(palette, kernels=(*best, *(k for k in palette.kernels if k not in best)), costs=None)


def _searched(
    costs: CostTable, ways: Sequence[Sequence[_Way]], used: tuple[Kernel, ...], start: tuple[Kernel, ...]
) -> tuple[int, tuple[Kernel, ...]]:
    best = _bytes(costs, ways, start), start
    while True:
        others = [tuple(k for k in used if (k in best[1]) != (k is changed)) for changed in used]
        found = min(((_bytes(costs, ways, other), other) for other in others), key=lambda f: f[0], default=best)
        if found[0] >= best[0]:
            return best
        best = found


def _bytes(costs: CostTable, ways: Sequence[Sequence[_Way]], preferred: tuple[Kernel, ...]) -> int:
    """Bytes of code and arrays where every node takes the first of its ways that is preferred, else its first."""
    names: set[str] = set()
    arrays: dict[tuple[str, bytes], int] = {}
    for able in ways:
        way = next((w for w in able if w.kernel in preferred), able[0])
        names |= way.names
        arrays |= way.arrays
    return sum(costs.functions[name].bytes for name in costs.code(frozenset(names))) + sum(arrays.values())


def _way(graph: Graph, kernel: Kernel, index: int) -> _Way:
    node = graph.nodes[index]
    scratch = kernel.scratch_choices(graph, node, min(bands_of(graph, node, kernel)))[0]
    members = {**kernel.pack(graph, node).members, **kernel.scratch_members(graph, node, scratch)}
    values = members.values()
    arrays = {(a.dtype.name, a.tobytes()): a.nbytes for a in values if isinstance(a, np.ndarray)}
    names = frozenset(value.name.lstrip("&") for value in values if isinstance(value, Symbol))
    return _Way(kernel, arrays, names | {kernel.symbol})
