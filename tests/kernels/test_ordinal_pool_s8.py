# SPDX-License-Identifier: Apache-2.0
"""edge_ordinal_pool_s8 and edge_ordinal_pool_s8_dsp against the reference of OrdinalPool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from edgesdk.kernels.palette import Palette
from ordinal_nodes import random_ordinal_pool
from overlapping import run_overlapped
from support import DSP, PALETTE

KERNELS = [("edge_ordinal_pool_s8", PALETTE), ("edge_ordinal_pool_s8_dsp", DSP)]


@pytest.mark.parametrize(("symbol", "palette"), KERNELS)
def test_random_nodes(symbol: str, palette: Palette) -> None:
    check_many(random_ordinal_pool, symbol, 0, palette)


@pytest.mark.parametrize(("symbol", "palette"), KERNELS)
@pytest.mark.parametrize("seed", range(2))
def test_bands_and_pitches(symbol: str, palette: Palette, seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(random_ordinal_pool, symbol, seed, tmp_path, palette)


@pytest.mark.parametrize(("symbol", "palette"), KERNELS)
def test_written_onto_its_input(symbol: str, palette: Palette, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    graphs = [random_ordinal_pool(rng) for _ in range(8)]
    outcomes = list(run_overlapped(graphs, rng, tmp_path, palette=palette))
    assert sum(o.overlaps for o in outcomes) > len(graphs)
    assert [o for o in outcomes if o.wrong] == []
