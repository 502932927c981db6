# SPDX-License-Identifier: Apache-2.0
"""edge_cross_channel_pool_s8 against the reference of CrossChannelPool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_checks import check_bands_and_pitches, check_many
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.cross_channel_pool import POOLS, CrossChannelPoolOptions
from single_node import single_node_graph, tensor

LARGE = 362  # the first group whose average takes a division


def make(rng: np.random.Generator) -> Graph:
    rank = int(rng.integers(1, 5))
    *outer, channels = (int(n) for n in rng.integers(1, 7, rank))
    group = LARGE if rng.random() < 0.1 else int(rng.integers(1, 9))
    zero_point = int(rng.integers(-128, 128))
    source = tensor((*outer, channels * group), zero_point=zero_point)
    options = CrossChannelPoolOptions(str(rng.choice(POOLS)), group)
    target = tensor((*outer, channels), zero_point=zero_point)
    return single_node_graph("edgesdk.CrossChannelPool", [source], [target], options)


def test_random_nodes() -> None:
    check_many(make, "edge_cross_channel_pool_s8", 0)


@pytest.mark.parametrize("seed", range(2))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(make, "edge_cross_channel_pool_s8", seed, tmp_path)
