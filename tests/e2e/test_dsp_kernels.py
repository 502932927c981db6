# SPDX-License-Identifier: Apache-2.0
"""The dsp family's kernels in the emulator, where its instructions and its assembly run, against the references."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from convolution_nodes import random_rectified_depthwise_conv_2d
from edgesdk.boards import load_board
from edgesdk.kernels import choose_kernel
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.writer import write_model
from edgesdk.ops.check import check_graph
from single_node import side_by_side, single_node_graph, tensor
from support import DSP

Rng = np.random.Generator
NODES = 24
INPUTS = Inputs(count=6)  # two of each third: uniform, near the zero point, extremes


def _depthwise(rng: Rng) -> Graph:
    graph = random_rectified_depthwise_conv_2d(rng)
    while graph.nodes[0].options.pads is not None:  # which no .tflite file can hold
        graph = random_rectified_depthwise_conv_2d(rng)
    return graph


def _add(rng: Rng) -> Graph:
    shape = tuple(int(n) for n in (1, rng.integers(1, 4), rng.integers(1, 8), rng.integers(1, 20)))
    a, b = (tensor(shape, scale=float(rng.uniform(0.02, 0.06)), zero_point=int(rng.integers(-128, 128))) for _ in "ab")
    out = tensor(shape, scale=float(rng.uniform(0.06, 0.12)), zero_point=int(rng.integers(-128, 128)))
    return single_node_graph("ADD", [a, b], [out], AddOptions())


MAKERS: dict[str, Callable[[Rng], Graph]] = {
    "edge_depthwise_conv_2d_3x3_s8_dsp": _depthwise,
    "edge_add_linear_s8_dsp": _add,
}


@pytest.mark.emulator
@pytest.mark.parametrize("symbol", MAKERS)
def test_random_nodes(symbol: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(len(symbol))
    graph = side_by_side([MAKERS[symbol](rng) for _ in range(NODES)])
    check_graph(graph)
    assert [choose_kernel(graph, node, DSP).symbol for node in graph.nodes].count(symbol) > NODES // 2
    path = tmp_path / "nodes.tflite"
    path.write_bytes(write_model(graph))
    result = verify(path, load_board("mps2-an386"), Options(), INPUTS)
    assert result.first is None
    assert result.clean
    assert result.tensors_compared == INPUTS.count * NODES
