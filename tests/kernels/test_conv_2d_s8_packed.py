# SPDX-License-Identifier: Apache-2.0
"""edge_conv_2d_s8_packed against the reference of CONV_2D: its C on this machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from convolution_nodes import random_conv_2d
from edgesdk.model.graph import Graph
from overlapping import run_overlapped
from support import PACKED

SYMBOL = "edge_conv_2d_s8_packed"


def make(rng: np.random.Generator) -> Graph:
    return random_conv_2d(rng)


@pytest.mark.parametrize("seed", range(2))
def test_random_nodes(seed: int) -> None:
    check_many(make, SYMBOL, seed, PACKED)


@pytest.mark.parametrize("seed", range(3))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(make, SYMBOL, seed, tmp_path, PACKED)


def test_every_allowed_overlap_is_safe(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    graphs = [make(rng) for _ in range(12)]
    outcomes = list(run_overlapped(graphs, rng, tmp_path, palette=PACKED))
    assert sum(o.overlaps for o in outcomes) > 0
    assert [o for o in outcomes if o.wrong] == []
