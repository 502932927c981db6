# SPDX-License-Identifier: Apache-2.0
"""The packed family's kernels in the emulators of all its cores: every row of random layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convolution_nodes import random_conv_2d, random_long_fully_connected, random_rectified_depthwise_conv_2d
from edgesdk.boards import load_board
from edgesdk.kernels.palette import choose_kernel
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.writer import write_model
from single_node import side_by_side
from support import PACKED

NODES = 5  # of each kernel


def packed(rng: np.random.Generator, symbol: str) -> Graph:
    """A layer that the kernel runs; weights at their extremes among them."""
    while True:
        if "depthwise" in symbol:
            graph = random_rectified_depthwise_conv_2d(rng)
        elif "fully" in symbol:
            graph = random_long_fully_connected(rng)
        else:
            graph = random_conv_2d(rng, kernel=1 if "1x1" in symbol else None, pads=False)
        if (
            getattr(graph.nodes[0].options, "pads", None) is None
            and choose_kernel(graph, graph.nodes[0], PACKED).symbol == symbol
        ):
            return graph


@pytest.mark.emulator
@pytest.mark.parametrize("board", ["mps2-an385", "riscv-virt", "microbit-v1"])
def test_random_layers(board: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    operators = ("conv_2d_1x1", "conv_2d", "depthwise_conv_2d_3x3", "fully_connected")
    symbols = [f"edge_{operator}_s8_packed" for operator in operators]
    path = tmp_path / "layers.tflite"
    path.write_bytes(write_model(side_by_side([packed(rng, symbol) for symbol in symbols for _ in range(NODES)])))
    result = verify(path, load_board(board), Options(), Inputs(count=3))
    assert result.first is None
    assert result.clean
