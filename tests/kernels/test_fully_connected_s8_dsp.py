# SPDX-License-Identifier: Apache-2.0
"""edge_fully_connected_s8_dsp against the reference of FULLY_CONNECTED."""

from __future__ import annotations

from pathlib import Path

import pytest

from convolution_checks import check_bands_and_pitches, check_many
from dsp_nodes import PALETTE, dsp_fully_connected

SYMBOL = "edge_fully_connected_s8_dsp"


@pytest.mark.parametrize(("seed", "choice"), [(0, 0), (1, -1)])
def test_random_nodes(seed: int, choice: int) -> None:
    check_many(dsp_fully_connected, SYMBOL, seed, PALETTE, choice=choice)


@pytest.mark.parametrize("seed", range(4))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(dsp_fully_connected, SYMBOL, seed, tmp_path, PALETTE)
