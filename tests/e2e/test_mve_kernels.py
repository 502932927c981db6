# SPDX-License-Identifier: Apache-2.0
"""The mve family's kernels in the emulator: every row of random layers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest

from convolution_nodes import random_conv_2d, random_depthwise_conv_2d, random_fully_connected
from edgesdk.boards import load_board
from edgesdk.kernels.depthwise import depthwise_channels
from edgesdk.kernels.palette import choose_kernel, palette_of
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.writer import write_model
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from emulator_nodes import random_file_depthwise, random_linear_add, random_pool
from random_graphs import GraphBuilder
from single_node import side_by_side

PALETTE = palette_of("mve", "portable")
OTHERS = {
    "edge_add_linear_s8_mve": random_linear_add,
    "edge_global_average_pool_2d_s8_mve": partial(random_pool, op="AVERAGE_POOL_2D", whole=True),
}


def random_node(rng: np.random.Generator, symbol: str) -> Graph:
    """A node that this kernel runs."""
    kernel = {"edge_conv_2d_1x1_s8_mve": 1, "edge_conv_2d_s8_mve": [3, None][int(rng.integers(2))]}
    while True:
        graph = random_conv_2d(rng, kernel=kernel[symbol]) if symbol in kernel else random_fully_connected(rng)
        if choose_kernel(graph, graph.nodes[0], PALETTE).symbol == symbol:
            return graph


def random_depthwise(rng: np.random.Generator, *, exact: bool) -> Graph:
    """A node that the 3x3 kernel runs: of several blocks of channels and several rounds of columns, too.

    Args:
        exact: with TFLite's two roundings and any zero point, else proved.
    """
    while True:
        graph = random_depthwise_conv_2d(rng, kernel=3, large=True) if exact else random_file_depthwise(rng, large=True)
        proved = depthwise_channels(graph, graph.nodes[0]).proved.all()
        kernel = choose_kernel(graph, graph.nodes[0], PALETTE)
        if kernel.symbol == "edge_depthwise_conv_2d_3x3_s8_mve" and proved != exact:
            return graph


@pytest.mark.emulator
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("optimize", ["ram", "speed"])
def test_random_depthwise_layers(optimize: str, exact: bool, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    nodes = [random_depthwise(rng, exact=exact) for _ in range(14)]
    assert {graph.nodes[0].options.stride_w for graph in nodes} == {1, 2}
    made = [graph.tensor_out(graph.nodes[0]).shape for graph in nodes]
    assert {width for _, _, width, _ in made} & {1, 2, 3, 4, 5}
    assert any(width > 16 for _, _, width, _ in made)
    assert any(channels > 16 and channels % 16 and channels % 4 for *_, channels in made)
    path = tmp_path / "layers.tflite"
    path.write_bytes(write_model(side_by_side(nodes)))
    result = verify(path, load_board("mps3-an547"), Options(optimize=optimize), Inputs(count=3))
    assert result.first is None
    assert result.clean


@pytest.mark.emulator
def test_depthwise_layers_with_padding_of_their_own(tmp_path: Path) -> None:
    """A PAD before a layer becomes its explicit padding: up to two columns on the left, more on the right and below."""
    b = GraphBuilder(Random(0))
    for k, pads in enumerate([(0, 0, 0, 1), (1, 2, 2, 0), (2, 3, 1, 5), (3, 0, 2, 4), (0, 4, 1, 1), (1, 1, 2, 3)]):
        channels = (3, 16, 20)[k % 3]
        x = b.activation((1, 5 + k, 4 + 3 * k, channels))
        b.inputs.append(x)
        rows = b.int32([[0, 0], pads[:2], pads[2:], [0, 0]])
        (x,) = b.apply("PAD", (x, rows), (b.tensors[x].quantization,), None)
        w = b.weights((1, 3, 3, channels), 3, channels)
        stride = 1 + k % 2
        options = DepthwiseConv2DOptions("VALID", stride, stride, 1)
        b.apply("DEPTHWISE_CONV_2D", (x, w, b.bias(x, w, channels)), (None,), options)
    path = tmp_path / "layers.tflite"
    path.write_bytes(write_model(b.graph()))
    graph = rewrite(load_model(path), Options())
    assert all(node.options.pads is not None for node in graph.nodes)
    assert {choose_kernel(graph, node, PALETTE).symbol for node in graph.nodes} == {"edge_depthwise_conv_2d_3x3_s8_mve"}
    result = verify(path, load_board("mps3-an547"), Options(), Inputs(count=3))
    assert result.first is None
    assert result.clean


@pytest.mark.emulator
@pytest.mark.parametrize(("seed", "optimize"), [(0, "ram"), (1, "ram"), (2, "speed")])
def test_random_layers(seed: int, optimize: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    symbols = ["edge_conv_2d_1x1_s8_mve"] * 5 + ["edge_conv_2d_s8_mve"] * 5 + ["edge_fully_connected_s8_mve"] * 4
    nodes = [random_node(rng, symbol) for symbol in symbols]
    nodes += [make(rng) for make in OTHERS.values() for _ in range(3)]
    chosen = {choose_kernel(graph, graph.nodes[0], PALETTE).symbol for graph in nodes}
    assert chosen >= {*symbols, *OTHERS}
    path = tmp_path / "layers.tflite"
    path.write_bytes(write_model(side_by_side(nodes)))
    result = verify(path, load_board("mps3-an547"), Options(optimize=optimize), Inputs(count=3, seed=seed))
    assert result.first is None
    assert result.clean
