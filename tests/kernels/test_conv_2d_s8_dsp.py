# SPDX-License-Identifier: Apache-2.0
"""edge_conv_2d_s8_dsp against the reference of CONV_2D: its C on this machine, its assembly in the emulator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from condensation_models import condensation
from convolution_checks import check_bands_and_pitches, check_many
from dsp_nodes import PALETTE, dsp_conv_2d
from edgesdk.kernels.base import Symbol
from edgesdk.kernels.conv_2d_s8_dsp import KERNEL
from edgesdk.kernels.gemm_dsp import EXACT, FITTED, SLOW
from edgesdk.model.graph import Graph, Quantization
from overlapping import run_overlapped

SYMBOL = "edge_conv_2d_s8_dsp"


def make(rng: np.random.Generator) -> Graph:
    return dsp_conv_2d(rng, pads=bool(rng.random() < 0.3))


@pytest.mark.parametrize(("seed", "choice"), [(0, 0), (1, -1)])
def test_random_nodes(seed: int, choice: int) -> None:
    check_many(make, SYMBOL, seed, PALETTE, choice=choice)


def test_one_run_of_a_core_links_no_more() -> None:
    graph = condensation(group=1)
    (node,) = graph.nodes
    assert KERNEL.pack(graph, node).members["gemm.pixels"] == Symbol("edge_gemm_s8_dsp_pixels")  # RELU cuts
    target = graph.tensor_out(node)
    whole = replace(target, quantization=Quantization((0.05,), (-128,), 0))
    graph = replace(graph, tensors={**graph.tensors, target.index: whole})
    members = KERNEL.pack(graph, node).members
    assert members["gemm.pixels"] is None
    assert members["gemm.runs"] is None


def test_random_nodes_take_every_requantization() -> None:
    rng = np.random.default_rng(0)
    runs: set[int] = set()
    fits: set[str] = set()
    for _ in range(60):
        graph = make(rng)
        members = KERNEL.pack(graph, graph.nodes[0]).members
        given = members["gemm.runs"]
        found = [FITTED] if given is None else np.asarray(given)[2::3].tolist()
        runs |= set(found)
        fits |= {str(members["gemm.fitted"])} if FITTED in found else set()
    assert runs == {FITTED, EXACT, SLOW}
    assert len(fits) == 4  # plain and signed, two shifts each


@pytest.mark.parametrize("seed", range(4))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(make, SYMBOL, seed, tmp_path, PALETTE)


def test_every_allowed_overlap_is_safe(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    graphs = [make(rng) for _ in range(12)]
    outcomes = list(run_overlapped(graphs, rng, tmp_path, palette=PALETTE))
    assert sum(o.overlaps for o in outcomes) > len(graphs)
    assert [o for o in outcomes if o.wrong] == []
