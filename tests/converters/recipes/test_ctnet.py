# SPDX-License-Identifier: Apache-2.0
"""The networks of the ctnet recipe: cheaper than dense convolutions, and exact on the host in int8."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edgesdk.boards import load_board
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.plan import Options
from edgesdk.model.tflite.writer import write_model
from edgesdk_converters.quantize import calibrate, simplify, to_int8
from edgesdk_converters.recipes.classification import macs
from edgesdk_converters.recipes.ctnet import BLOCKS, network
from edgesdk_converters.to_tflite import float_graph


def test_tensorized_networks_cost_less_than_dense_ones() -> None:
    costs = {name: macs(simplify(float_graph(network(block)))) for name, block in BLOCKS.items()}
    for name in ("CT 2", "CT 3", "CT 2, excited"):
        assert costs[name] < costs["mean of frames"] < costs["(2+1)D"] < costs["dense 3D"]


@pytest.mark.parametrize("name", ["dense 3D", "(2+1)D", "CT 3", "CT 2, excited"])
def test_networks_over_time_run_exactly(name: str, tmp_path: Path) -> None:
    clips = [np.random.default_rng(0).uniform(0, 1, (8, 1, 4, 32, 32, 1)).astype(np.float32)]
    graph = simplify(float_graph(network(BLOCKS[name], frames=4)))
    path = tmp_path / "net.tflite"
    path.write_bytes(write_model(to_int8(graph, calibrate(graph, clips))))
    result = verify(path, load_board("host"), Options(), Inputs(count=2))
    assert result.clean
    assert result.tensors_compared > 0
