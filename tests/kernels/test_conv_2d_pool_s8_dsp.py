# SPDX-License-Identifier: Apache-2.0
"""edge_conv_2d_pool_s8_dsp against the references of CONV_2D and CrossChannelPool: its C on this machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from condensation_models import condensation
from convolution_checks import check_bands_and_pitches, check_many
from convolution_nodes import random_conv_2d
from dsp_nodes import PALETTE, dsp_pooled_conv_2d
from edgesdk.kernels.conv_2d_pool_s8_dsp import KERNEL
from edgesdk.kernels.gemm_dsp import EXACT, FITTED, SLOW
from edgesdk.kernels.palette import choose_kernel
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.plan import plan_graph
from overlapping import run_overlapped
from pooled_convolutions import random_pooled_conv_2d, with_pool

SYMBOL = "edge_conv_2d_pool_s8_dsp"


def make(rng: np.random.Generator) -> Graph:
    return dsp_pooled_conv_2d(rng, pads=bool(rng.random() < 0.3))


@pytest.mark.parametrize(("seed", "choice"), [(0, 0), (1, -1)])
def test_random_nodes(seed: int, choice: int) -> None:
    check_many(make, SYMBOL, seed, PALETTE, choice=choice)


def test_random_nodes_take_every_requantization_and_division() -> None:
    rng = np.random.default_rng(0)
    runs: set[int] = set()
    ways: set[tuple[bool, bool]] = set()
    for _ in range(40):
        graph = make(rng)
        members = KERNEL.pack(graph, graph.nodes[0]).members
        runs |= set(np.asarray(members["conv.gemm.runs"])[2::3].tolist())
        blocks = members["conv.gemm.channels"] > members["outputs"]  # type: ignore[operator]
        ways.add((blocks, members["group"] > members["members"]))  # type: ignore[operator]
    assert runs == {FITTED, EXACT, SLOW}
    assert len(ways) == 4  # one block or several, one round or several


@pytest.mark.parametrize("seed", range(4))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(make, SYMBOL, seed, tmp_path, PALETTE)


def test_every_allowed_overlap_is_safe(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    graphs = [make(rng) for _ in range(12)]
    outcomes = list(run_overlapped(graphs, rng, tmp_path, palette=PALETTE))
    assert sum(o.overlaps for o in outcomes) > len(graphs)
    assert [o for o in outcomes if o.wrong] == []


@pytest.mark.parametrize("pool", ["max", "average"])
@pytest.mark.parametrize("kernel", [1, 3])
def test_a_condensation_layer_takes_the_arena_of_the_plain_one(kernel: int, pool: str) -> None:
    for options in (Options(), Options(input="streamed")):
        wide, plain = (condensation(kernel=kernel, group=group, pool=pool) for group in (4, 1))
        assert choose_kernel(wide, wide.nodes[0], PALETTE).symbol == SYMBOL
        assert plan_graph(wide, PALETTE, "ram", options).peak == plan_graph(plain, PALETTE, "ram", options).peak


def test_a_convolution_before_a_pool_always_runs_it() -> None:
    rng = np.random.default_rng(0)
    graphs = [random_pooled_conv_2d(rng) for _ in range(20)]
    chosen = [choose_kernel(graph, graph.nodes[0], PALETTE) for graph in graphs]
    assert all(kernel.fuses(graph, graph.nodes[0]) == 1 for kernel, graph in zip(chosen, graphs, strict=True))
    assert {kernel.family for kernel in chosen} == {"dsp", "portable"}  # which has convolutions of several groups


def test_a_sum_that_no_halfword_holds_stays_with_the_portable_kernel() -> None:
    rng = np.random.default_rng(0)
    graph = random_conv_2d(rng, kernel=1, filters=257)
    while graph.tensor_out(graph.nodes[0]).shape[3] != 257:  # several groups
        graph = random_conv_2d(rng, kernel=1, filters=257)
    average, largest = (with_pool(graph, pool, 257) for pool in ("average", "max"))
    assert not KERNEL.accepts(average, average.nodes[0])
    assert KERNEL.accepts(largest, largest.nodes[0])


def test_an_average_of_the_largest_group() -> None:
    def wide(rng: np.random.Generator) -> Graph:
        return with_pool(random_conv_2d(rng, kernel=1, filters=256), "average", 256)

    check_many(wide, SYMBOL, 0, PALETTE)
