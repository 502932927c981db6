# SPDX-License-Identifier: Apache-2.0
"""What the kernel tests of the operators with weights share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from edgesdk.kernels.palette import Palette, choose_kernel
from edgesdk.model.graph import Graph
from edgesdk.ops.check import check_graph
from pitched import assert_pitched_equals_reference
from single_node import random_input, side_by_side
from support import PALETTE, assert_c_equals_reference, layer_by_layer

NODES = 40
CASES = 4

Maker = Callable[[np.random.Generator], Graph]


def check_many(make: Maker, symbol: str, seed: int, palette: Palette = PALETTE, *, choice: int = -1) -> None:
    """Many random graphs in one program, through plan and runtime; most must use the kernel under test.

    Args:
        choice: of scratch, as in `layer_by_layer`.
    """
    rng = np.random.default_rng(seed)
    graph = side_by_side([make(rng) for _ in range(NODES)])
    check_graph(graph)
    chosen = [choose_kernel(graph, node, palette).symbol for node in graph.nodes]
    assert chosen.count(symbol) > NODES // 2
    cases = [[random_input(rng, graph.tensors[t].shape) for t in graph.inputs] for _ in range(CASES)]
    assert_c_equals_reference(graph, cases, plan=layer_by_layer(graph, palette, choice))


def check_bands_and_pitches(make: Maker, symbol: str, seed: int, directory: Path, palette: Palette = PALETTE) -> None:
    """One random node that uses the kernel under test, in all its bands and several pixel pitches."""
    rng = np.random.default_rng(seed)
    graph = make(rng)
    while choose_kernel(graph, graph.nodes[0], palette).symbol != symbol:
        graph = make(rng)
    check_graph(graph)
    inputs = [random_input(rng, graph.tensors[t].shape) for t in graph.inputs]
    assert_pitched_equals_reference(graph, inputs, directory, palette=palette)
