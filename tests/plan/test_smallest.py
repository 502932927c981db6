# SPDX-License-Identifier: Apache-2.0
"""The kernels that take least flash."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from edgesdk.kernels.base import Kernel
from edgesdk.kernels.costs import CostTable, Function
from edgesdk.kernels.palette import Palette, palette_of
from edgesdk.model.graph import Array, Graph
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.plan.smallest import smallest
from edgesdk.plan.work import works_of
from random_graphs import GraphBuilder, random_graph

DSP = palette_of("dsp", "portable")


def with_code(**sizes: int) -> Palette:
    """Kernels whose code takes these bytes; others 1,000."""
    functions = {k.symbol: Function(sizes.get(k.symbol, 1_000), ()) for k in DSP.kernels}
    return replace(DSP, costs=CostTable("test", {}, functions))


def chosen(palette: Palette, b: GraphBuilder) -> list[str]:
    return [kernel.symbol for _, _, kernel in works_of(b.graph(), palette, frozenset())]


def pools() -> GraphBuilder:
    """A maximum, then a global average, each of one dsp and one portable kernel or more."""
    b = GraphBuilder(Random(1))
    x = b.activation((1, 8, 8, 4))
    b.inputs.append(x)
    q = b.tensors[x].quantization
    (x,) = b.apply("MAX_POOL_2D", (x,), (q,), Pool2DOptions("VALID", 2, 2, 2, 2, "NONE"))
    b.apply("AVERAGE_POOL_2D", (x,), (q,), Pool2DOptions("VALID", 4, 4, 4, 4, "NONE"))
    return b


def test_the_smaller_code() -> None:
    b = pools()
    assert chosen(DSP, b) == ["edge_max_pool_2d_s8_dsp", "edge_global_average_pool_2d_s8_dsp"]
    little = {"edge_max_pool_2d_s8": 10, "edge_global_average_pool_2d_s8": 20}
    palette = smallest(b.graph(), with_code(**little))
    assert palette.costs is None
    assert set(palette.kernels) == set(DSP.kernels)  # the others stay, for graphs that moves make
    assert chosen(palette, b) == ["edge_max_pool_2d_s8", "edge_global_average_pool_2d_s8"]


def test_of_equals_the_preferred_stays() -> None:
    b = pools()
    assert chosen(smallest(b.graph(), with_code()), b) == chosen(DSP, b)


def test_without_a_table_nothing_changes() -> None:
    assert smallest(pools().graph(), DSP) is DSP


@pytest.mark.parametrize("seed", range(12))
def test_no_kernel_put_first_makes_it_smaller(seed: int) -> None:
    random = Random(seed)
    graph = random_graph(random, operators=5)
    palette = with_code(**{k.symbol: random.randint(4, 40_000) for k in DSP.kernels})

    def size(tried: Palette) -> int:
        assert palette.costs is not None
        works = works_of(graph, tried, frozenset())
        arrays = {a.tobytes(): a.nbytes for i, _, k in works for a in arrays_of(graph, i, k)}
        names = frozenset(k.symbol for _, _, k in works)
        return sum(palette.costs.functions[name].bytes for name in names) + sum(arrays.values())

    found = smallest(graph, palette)
    ops = {node.op for node in graph.nodes}
    for first in DSP.kernels:
        if ops & set(first.ops):
            kernels = (first, *(k for k in found.kernels if k is not first))
            assert size(found) <= size(Palette(kernels))


def arrays_of(graph: Graph, node: int, kernel: Kernel) -> list[Array]:
    values = kernel.pack(graph, graph.nodes[node]).members.values()
    return [value for value in values if isinstance(value, np.ndarray)]
