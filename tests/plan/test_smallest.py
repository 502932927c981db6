# SPDX-License-Identifier: Apache-2.0
"""The kernels that take least flash."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from edgesdk.kernels.costs import CostTable, Function
from edgesdk.kernels.palette import Palette, palette_of
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
    from edgesdk.model.tflite.pool_2d import Pool2DOptions

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
    little = {"edge_max_pool_2d_s8": 10, "edge_average_pool_2d_s8": 20}
    palette = smallest(b.graph(), with_code(**little))
    assert palette.costs is None
    assert set(palette.kernels) == set(DSP.kernels)  # the others stay, for graphs that moves make
    assert chosen(palette, b) == ["edge_max_pool_2d_s8", "edge_average_pool_2d_s8"]


def test_of_equals_the_preferred_stays() -> None:
    b = pools()
    assert chosen(smallest(b.graph(), with_code()), b) == chosen(DSP, b)


def test_without_a_table_nothing_changes() -> None:
    assert smallest(pools().graph(), DSP) is DSP


@pytest.mark.parametrize("seed", range(12))
def test_no_change_of_one_kernel_is_smaller(seed: int) -> None:
    """Against every set of at most two kernels put first."""
    random = Random(seed)
    graph = random_graph(random, operators=5)
    palette = with_code(**{k.symbol: random.randint(10, 3_000) for k in DSP.kernels})
    assert palette.costs is not None
    costs = palette.costs

    def code(tried: Palette) -> int:
        names = frozenset(k.symbol for _, _, k in works_of(graph, tried, frozenset()))
        return sum(costs.functions[name].bytes for name in costs.code(names))

    found = code(smallest(graph, palette))
    assert found <= code(DSP) + 4_000  # constants differ, too
    used = [k for _, _, k in works_of(graph, DSP, frozenset())]
    for first in combinations(DSP.kernels, 1):
        if any(set(k.ops) & set(first[0].ops) for k in used):
            other = Palette((*first, *(k for k in DSP.kernels if k not in first)))
            assert found <= code(other) + 4_000
