# SPDX-License-Identifier: Apache-2.0
"""edge_conv_2d_1x1_s8_dsp against the reference of CONV_2D: its C on this machine, its assembly in the emulator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from dsp_nodes import PALETTE, dsp_conv_2d_1x1
from overlapping import run_overlapped

SYMBOL = "edge_conv_2d_1x1_s8_dsp"


def test_random_nodes() -> None:
    check_many(dsp_conv_2d_1x1, SYMBOL, 0, PALETTE)


@pytest.mark.parametrize("seed", range(2))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(dsp_conv_2d_1x1, SYMBOL, seed, tmp_path, PALETTE)


def test_every_allowed_overlap_is_safe(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    graphs = [dsp_conv_2d_1x1(rng) for _ in range(8)]
    outcomes = list(run_overlapped(graphs, rng, tmp_path, palette=PALETTE))
    assert sum(o.overlaps for o in outcomes) > len(graphs)
    assert [o for o in outcomes if o.wrong] == []
