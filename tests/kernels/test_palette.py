# SPDX-License-Identifier: Apache-2.0
"""The choice among kernels and bands, and the tables that it is made by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edgesdk.boards import load_board
from edgesdk.errors import OP_UNSUPPORTED, EdgeError
from edgesdk.kernels.costs import Cost, CostTable, cost_table
from edgesdk.kernels.palette import Palette, choose_kernel, palette_of
from edgesdk.kernels.terms import Terms, terms_of
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from movement_graphs import completed
from single_node import tensor

BOARDS = ("microbit-v1", "mps2-an385", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547", "riscv-virt")
GENERAL, POINTWISE = "edge_conv_2d_s8", "edge_conv_2d_1x1_s8"


def pointwise(height: int = 6) -> Graph:
    """A 1x1 CONV_2D of 4 columns, 8 channels to 16, which two portable kernels compute."""
    weights = tensor((16, 1, 1, 8), data=np.ones((16, 1, 1, 8)))
    return completed("CONV_2D", [tensor((1, height, 4, 8)), weights], Conv2DOptions("SAME", 1, 1))


def costing(error: float = 0.0, **instructions: Terms) -> Palette:
    """The portable palette with a table of these kernels."""
    kernels = {symbol: Cost(terms, None, error) for symbol, terms in instructions.items()}
    return replace(palette_of("portable"), costs=CostTable("test", kernels, {}))


def terms(**costs: float) -> Terms:
    return Terms(**{"calls": 0, "rows": 0, "pixels": 0, "outputs": 0, "reads": 0, "macs": 0, **costs})


def test_counts() -> None:
    graph = pointwise()
    assert terms_of(graph, graph.nodes[0], 1) == Terms(6, 12, 24, 384, 192, 3072)
    assert terms_of(graph, graph.nodes[0], 4) == Terms(2, 16, 24, 384, 256, 3072)
    assert terms_of(graph, graph.nodes[0], 0) == Terms(1, 12, 24, 384, 192, 3072)


def test_counts_of_windows() -> None:
    weights = tensor((2, 3, 3, 5), data=np.ones((2, 3, 3, 5)))
    graph = completed("CONV_2D", [tensor((1, 8, 8, 5)), weights], Conv2DOptions("SAME", 1, 1))
    assert terms_of(graph, graph.nodes[0], 2) == Terms(4, 24, 64, 128, 640, 5760)


def test_without_a_table_the_order_decides() -> None:
    graph = pointwise()
    palette = palette_of("portable")
    assert choose_kernel(graph, graph.nodes[0], palette).symbol == POINTWISE
    kernels = tuple(sorted(palette.kernels, key=lambda k: k.symbol != GENERAL))
    assert choose_kernel(graph, graph.nodes[0], Palette(kernels)).symbol == GENERAL


def test_a_cheaper_kernel_is_taken_where_the_table_is_sure() -> None:
    graph = pointwise()
    node = graph.nodes[0]
    one = terms(macs=1.0)
    assert choose_kernel(graph, node, costing(edge_conv_2d_1x1_s8=one, edge_conv_2d_s8=one)).symbol == POINTWISE
    less = terms(macs=0.8)
    assert choose_kernel(graph, node, costing(edge_conv_2d_1x1_s8=one, edge_conv_2d_s8=less)).symbol == GENERAL
    unsure = costing(0.15, edge_conv_2d_1x1_s8=one, edge_conv_2d_s8=less)
    assert choose_kernel(graph, node, unsure).symbol == POINTWISE
    assert choose_kernel(graph, node, costing(edge_conv_2d_s8=less)).symbol == POINTWISE  # the other is not known


def test_the_narrowest_band_of_those_that_are_about_as_fast() -> None:
    graph = pointwise()
    node = graph.nodes[0]

    def favourite(call: float) -> int:
        palette = costing(edge_conv_2d_1x1_s8=terms(calls=call, macs=1.0))
        return palette.favourite(graph, node, choose_kernel(graph, node, palette))

    # 3,072 multiply-accumulates in 6, 3 or 1 calls
    assert favourite(1) == 1
    assert favourite(25) == 2
    assert favourite(1000) == 6


def test_no_kernel() -> None:
    graph = pointwise()
    with pytest.raises(EdgeError) as raised:
        choose_kernel(graph, graph.nodes[0], Palette(()))
    assert raised.value.kind is OP_UNSUPPORTED


@pytest.mark.parametrize("name", BOARDS)
def test_every_kernel_was_measured(name: str) -> None:
    board = load_board(name)
    table = cost_table(board.core)
    assert table is not None
    symbols = {k.symbol for k in palette_of(*board.families).kernels}
    assert set(table.kernels) == symbols
    assert symbols <= set(table.functions)
    without = {symbol for symbol, cost in table.kernels.items() if cost.cycles is None}
    # Too many of the M33's runs of it were counted differently by QEMU's clock and by the plugin.
    assert without == (symbols if board.core == "rv32imac" else {"edge_transpose_conv_s8"} & without)


def test_code_brings_along_what_it_calls() -> None:
    table = cost_table("cortex-m4")
    assert table is not None
    assert "edge_gemm_pair_s8_dsp" not in table.code(frozenset({"edge_add_s8"}))
    found = table.code(frozenset({"edge_depthwise_conv_2d_3x3_s8_dsp"}))
    assert len(found) > 1
    assert table.code(found) == found
    assert table.code(frozenset({"no_such_function"})) == frozenset()


def test_a_core_without_a_table() -> None:
    assert cost_table("host") is None
