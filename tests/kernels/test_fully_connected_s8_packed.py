# SPDX-License-Identifier: Apache-2.0
"""edge_fully_connected_s8_packed against the reference of FULLY_CONNECTED: its C on this machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from convolution_nodes import random_fully_connected, random_long_fully_connected
from edgesdk.kernels.fully_connected_s8_packed import fours
from edgesdk.model.graph import Graph
from support import PACKED

SYMBOL = "edge_fully_connected_s8_packed"


def make(rng: np.random.Generator) -> Graph:
    """One in three has more elements or channels than the kernel takes at a time."""
    return random_long_fully_connected(rng) if rng.random() < 1 / 3 else random_fully_connected(rng)


@pytest.mark.parametrize("seed", range(2))
def test_random_nodes(seed: int) -> None:
    check_many(make, SYMBOL, seed, PACKED)


@pytest.mark.parametrize("seed", range(4))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(make, SYMBOL, seed, tmp_path, PACKED)


def test_layout_of_weights() -> None:
    weights = np.arange(6 * 8, dtype=np.int8).reshape(6, 8) - 20
    bytes_ = (fours(weights).astype(int) + 128).astype(np.uint8).view(np.int8).reshape(2, 2, 4, 4)
    for channel in range(8):
        for element in range(8):
            word = bytes_[channel // 4, element // 4, channel % 4 // 2 * 2 + element % 4 // 2]
            expected = weights[channel, element] if channel < 6 else 0
            assert word[channel % 2 * 2 + element % 2] == expected
