# SPDX-License-Identifier: Apache-2.0
"""edge_conv_2d_1x1_pool_s8 against the references of CONV_2D and CrossChannelPool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from edgesdk.model.graph import Graph
from pooled_convolutions import random_pooled_conv_2d


def make(rng: np.random.Generator) -> Graph:
    return random_pooled_conv_2d(rng, kernel=1)


@pytest.mark.parametrize("seed", range(2))
def test_random_nodes(seed: int) -> None:
    check_many(make, "edge_conv_2d_1x1_pool_s8", seed)


@pytest.mark.parametrize("seed", range(3))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(make, "edge_conv_2d_1x1_pool_s8", seed, tmp_path)
