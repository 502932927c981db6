# SPDX-License-Identifier: Apache-2.0
"""Every kernel of every family on the emulated cores, where better ones would be chosen too: random shapes, weights,
scales, shifts and inputs, extremes among all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from random import Random

import numpy as np
import pytest

from convolution_nodes import (
    random_conv_2d,
    random_depthwise_conv_2d,
    random_fully_connected,
    random_long_fully_connected,
    random_rectified_depthwise_conv_2d,
    random_transpose_conv,
)
from cost_probes import quantized_floats
from edgesdk.boards import Board, load_board
from edgesdk.kernels.palette import Palette, choose_kernel, palette_of
from edgesdk.measure.inputs import random_cases
from edgesdk.measure.target import open_device
from edgesdk.measure.verify import Inputs, compare
from edgesdk.model.graph import Graph
from edgesdk.ops import find_operator
from emulator_nodes import random_fine_add, random_linear_add, random_pool, random_scaled_product
from forced import batches, narrow, prepared_with
from memory_nodes import random_memory
from ordinal_nodes import random_ordinal_pool
from pooled_convolutions import random_pooled_conv_2d
from random_graphs import RECIPES, GraphBuilder
from single_node import side_by_side

NODES = 3  # of each kernel
SEEN = 4_000  # nodes looked at
CASES = 3  # uniform, near the zero point, extremes
MAKERS = (
    *(partial(random_conv_2d, kernel=kernel, pads=pads) for kernel in (None, 1, 3) for pads in (False, True)),
    *(partial(random_conv_2d, kernel=kernel, dense=True) for kernel in (1, 3)),
    *(partial(random_pooled_conv_2d, kernel=kernel) for kernel in (None, 1)),
    *(
        partial(random_depthwise_conv_2d, kernel=kernel, pads=pads)
        for kernel in (None, 3, 5, 7)
        for pads in (False, True)
    ),
    random_rectified_depthwise_conv_2d,
    random_fully_connected,
    random_long_fully_connected,
    random_transpose_conv,
    random_ordinal_pool,
    random_memory,
    random_linear_add,
    random_fine_add,
    random_scaled_product,
    *(partial(random_pool, op=op) for op in ("AVERAGE_POOL_2D", "MAX_POOL_2D")),
    partial(random_pool, op="AVERAGE_POOL_2D", whole=True),
)


def random_nodes(rng: np.random.Generator) -> Iterator[Graph]:
    """Graphs whose first node is any operator's."""
    while True:
        yield from (make(rng) for make in MAKERS)
        for recipe in RECIPES.values():
            b = GraphBuilder(Random(int(rng.integers(1 << 30))))
            b.inputs.append(b.activation([int(n) for n in rng.integers(1, 9, 4)]))
            if recipe(b, b.inputs[0]) and not find_operator(b.nodes[0].op).view:
                yield b.graph()
        yield quantized_floats(rng, tuple(int(n) for n in rng.integers(1, 9, 4)))


def nodes_of(family: str, palette: Palette, board: Board) -> list[Graph]:
    """NODES graphs for each kernel of the family."""
    wanted = {k.symbol: NODES for k in palette.kernels if k.family == family}
    found = []
    for _, graph in zip(range(SEEN), random_nodes(np.random.default_rng(5)), strict=False):
        symbol = choose_kernel(graph, graph.nodes[0], palette).symbol
        small = sum(t.bytes for t in graph.tensors.values() if t.data is None) < (3_000 if narrow(board) else 100_000)
        if wanted.get(symbol, 0) > 0 and small:
            wanted[symbol] -= 1
            found.append(graph)
    assert not any(wanted.values()), Counter(wanted)
    return found


FAMILIES = [
    (board, k)
    for board in ("mps2-an386", "mps3-an547", "mps2-an385", "riscv-virt", "microbit-v1")
    for k in range(len(load_board(board).families))
]


@pytest.mark.emulator
@pytest.mark.slow
@pytest.mark.parametrize(("name", "k"), FAMILIES)
def test_every_kernel(name: str, k: int) -> None:
    board = load_board(name)
    palette = palette_of(*board.families[k:])
    for number, batch in enumerate(batches(nodes_of(board.families[k], palette, board), board)):
        graph = side_by_side(batch)
        prepared = prepared_with(graph, board, palette, ("ram", "speed")[number % 2])
        inputs = Inputs(count=CASES, seed=number)
        with open_device(prepared, None) as target:
            result = compare(prepared, target.device, list(random_cases(graph, CASES, number)), inputs)
        assert result.first is None, [node.op for node in graph.nodes]
        assert result.clean
