# SPDX-License-Identifier: Apache-2.0
"""edge_depthwise_conv_2d_3x3_s8_packed against the reference of DEPTHWISE_CONV_2D, in C on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from convolution_checks import check_bands_and_pitches, check_many
from convolution_nodes import random_rectified_depthwise_conv_2d
from support import PACKED

SYMBOL = "edge_depthwise_conv_2d_3x3_s8_packed"


@pytest.mark.parametrize("seed", range(2))
def test_random_nodes(seed: int) -> None:
    check_many(random_rectified_depthwise_conv_2d, SYMBOL, seed, PACKED)


@pytest.mark.parametrize("seed", range(4))
def test_bands_and_pitches(seed: int, tmp_path: Path) -> None:
    check_bands_and_pitches(random_rectified_depthwise_conv_2d, SYMBOL, seed, tmp_path, PACKED)
