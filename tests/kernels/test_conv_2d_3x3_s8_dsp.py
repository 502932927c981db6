# SPDX-License-Identifier: Apache-2.0
"""edge_conv_2d_3x3_s8_dsp against the reference of CONV_2D: its C on this machine, its assembly in the emulator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from dsp_nodes import PALETTE, dsp_conv_2d_3x3
from edgesdk.kernels.conv_2d_3x3_s8_dsp import KERNEL
from edgesdk.kernels.gemm_dsp import EXACT, FITTED
from edgesdk.model.graph import Graph
from overlapping import run_overlapped

SYMBOL = "edge_conv_2d_3x3_s8_dsp"


def make(rng: np.random.Generator) -> Graph:
    return dsp_conv_2d_3x3(rng, pads=bool(rng.random() < 0.3))


@pytest.mark.parametrize(("seed", "choice"), [(0, 0), (1, -1)])
def test_random_nodes(seed: int, choice: int) -> None:
    check_many(make, SYMBOL, seed, PALETTE, choice=choice)


def test_random_nodes_take_every_requantization() -> None:
    rng = np.random.default_rng(0)
    runs: set[int] = set()
    fits: set[str] = set()
    for _ in range(40):
        graph = make(rng)
        members = KERNEL.pack(graph, graph.nodes[0]).members
        given = members["gemm.runs"]
        found = [FITTED] if given is None else np.asarray(given)[2::3].tolist()
        runs |= set(found)
        fits |= {str(members["gemm.fitted"])} if FITTED in found else set()
    assert runs == {FITTED, EXACT}
    assert len(fits) > 1


@pytest.mark.parametrize("seed", range(2))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(make, SYMBOL, seed, tmp_path, PALETTE)


def test_every_allowed_overlap_is_safe(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    graphs = [make(rng) for _ in range(8)]
    outcomes = list(run_overlapped(graphs, rng, tmp_path, palette=PALETTE))
    assert sum(o.overlaps for o in outcomes) > len(graphs)
    assert [o for o in outcomes if o.wrong] == []
