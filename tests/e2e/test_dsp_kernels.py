# SPDX-License-Identifier: Apache-2.0
"""The dsp family's kernels in the emulator, where its instructions and its assembly run, against the references."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from convolution_nodes import random_depthwise_conv_2d
from dsp_nodes import dsp_conv_2d, dsp_conv_2d_1x1, dsp_conv_2d_3x3, dsp_fully_connected, dsp_pooled_conv_2d
from edgesdk.boards import load_board
from edgesdk.kernels.palette import choose_kernel
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.writer import write_model
from edgesdk.ops.check import check_graph
from emulator_nodes import random_file_depthwise, random_linear_add, random_pool, random_scaled_product
from single_node import side_by_side
from support import DSP

Rng = np.random.Generator
NODES = 6  # of each kind; planning them side by side grows faster than their number
CONVOLUTIONS, POOLED, FULLY_CONNECTED = 10, 8, 4
INPUTS = Inputs(count=6)  # two of each third: uniform, near the zero point, extremes


def _depthwise(rng: Rng) -> Graph:
    return random_depthwise_conv_2d(rng, kernel=int(rng.choice([2, 3, 5, 7])))


MAKERS: dict[str, Callable[[Rng], Graph]] = {
    "edge_conv_2d_1x1_s8_dsp": dsp_conv_2d_1x1,
    "edge_conv_2d_3x3_s8_dsp": dsp_conv_2d_3x3,
    "edge_depthwise_conv_2d_3x3_s8_dsp": random_file_depthwise,
    "edge_depthwise_conv_2d_s8_dsp": _depthwise,
    "edge_add_linear_s8_dsp": random_linear_add,
    "edge_mul_s8_dsp": random_scaled_product,
    "edge_average_pool_2d_s8_dsp": partial(random_pool, op="AVERAGE_POOL_2D"),
    "edge_global_average_pool_2d_s8_dsp": partial(random_pool, op="AVERAGE_POOL_2D", whole=True),
    "edge_max_pool_2d_s8_dsp": partial(random_pool, op="MAX_POOL_2D"),
}


@pytest.mark.emulator
@pytest.mark.parametrize("optimize", ["ram", "speed"])  # little scratch, and much
def test_random_nodes(optimize: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    graph = side_by_side([make(rng) for make in MAKERS.values() for _ in range(NODES)])
    check_graph(graph)
    chosen = [choose_kernel(graph, node, DSP).symbol for node in graph.nodes]
    assert all(chosen.count(symbol) > NODES // 2 for symbol in MAKERS)
    path = tmp_path / "nodes.tflite"
    path.write_bytes(write_model(graph))
    result = verify(path, load_board("mps2-an386"), Options(optimize=optimize), INPUTS)
    assert result.first is None
    assert result.clean
    assert result.tensors_compared == INPUTS.count * len(graph.nodes)


@pytest.mark.emulator
@pytest.mark.parametrize("seed", range(3))
def test_random_matrix_layers(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    nodes = [dsp_conv_2d(rng) for _ in range(CONVOLUTIONS)] + [dsp_fully_connected(rng) for _ in range(FULLY_CONNECTED)]
    path = tmp_path / "layers.tflite"
    path.write_bytes(write_model(side_by_side(nodes)))
    result = verify(path, load_board("mps2-an386"), Options(), Inputs(count=3, seed=seed))
    assert result.first is None
    assert result.clean


@pytest.mark.emulator
@pytest.mark.parametrize("seed", range(2))
def test_random_convolutions_with_a_pool(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    graph = side_by_side([dsp_pooled_conv_2d(rng) for _ in range(POOLED)])
    path = tmp_path / "pooled.tflite"
    path.write_bytes(write_model(graph))
    result = verify(path, load_board("mps2-an386"), Options(), Inputs(count=3, seed=seed))
    assert result.first is None
    assert result.clean
    assert result.tensors_compared == 3 * POOLED
