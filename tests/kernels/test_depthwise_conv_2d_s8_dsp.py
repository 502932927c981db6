# SPDX-License-Identifier: Apache-2.0
"""edge_depthwise_conv_2d_s8_dsp against the reference of DEPTHWISE_CONV_2D, in C on this machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from convolution_nodes import random_depthwise_conv_2d
from edgesdk.model.graph import Graph
from support import DSP

SYMBOL = "edge_depthwise_conv_2d_s8_dsp"


def make(rng: np.random.Generator) -> Graph:
    """Mostly scales without a proof; 3x3 nodes in the shapes and with the weights that the 3x3 kernel leaves."""
    return random_depthwise_conv_2d(rng, kernel=int(rng.choice([2, 3, 5, 7])), pads=bool(rng.random() < 0.3))


@pytest.mark.parametrize("choice", [0, -1])  # of scratch: pixel by pixel, and in planes
@pytest.mark.parametrize("seed", range(2))
def test_random_nodes(seed: int, choice: int) -> None:
    check_many(make, SYMBOL, seed, DSP, choice=choice)


@pytest.mark.parametrize("seed", range(4))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(make, SYMBOL, seed, tmp_path, DSP)
