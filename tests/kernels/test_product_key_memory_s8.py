# SPDX-License-Identifier: Apache-2.0
"""edge_product_key_memory_s8 against the reference of ProductKeyMemory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from memory_nodes import random_memory
from overlapping import run_overlapped

SYMBOL = "edge_product_key_memory_s8"


@pytest.mark.parametrize("seed", range(2))
def test_random_nodes(seed: int) -> None:
    check_many(random_memory, SYMBOL, seed)


@pytest.mark.parametrize("seed", range(2))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(random_memory, SYMBOL, seed, tmp_path)


def test_written_onto_its_input(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    graphs = [random_memory(rng) for _ in range(12)]
    outcomes = list(run_overlapped(graphs, rng, tmp_path))
    assert sum(o.overlaps for o in outcomes) > len(graphs)
    assert [o for o in outcomes if o.wrong] == []
