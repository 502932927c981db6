# SPDX-License-Identifier: Apache-2.0
"""The dsp family's matrix kernels, assembly included, in the emulator: every row of random layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dsp_nodes import dsp_conv_2d, dsp_fully_connected
from edgesdk.boards import load_board
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.plan import Options
from edgesdk.model.tflite.writer import write_model
from single_node import side_by_side

CONVOLUTIONS, FULLY_CONNECTED, INPUTS = 10, 4, 3


@pytest.mark.emulator
@pytest.mark.parametrize("seed", range(3))
def test_random_layers(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    nodes = [dsp_conv_2d(rng) for _ in range(CONVOLUTIONS)] + [dsp_fully_connected(rng) for _ in range(FULLY_CONNECTED)]
    path = tmp_path / "layers.tflite"
    path.write_bytes(write_model(side_by_side(nodes)))
    result = verify(path, load_board("mps2-an386"), Options(), Inputs(count=INPUTS, seed=seed))
    assert result.first is None
    assert result.clean
