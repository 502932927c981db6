# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from edgesdk.model.graph import Graph
from edgesdk.ops.check import check_graph
from edgesdk.ops.reference import run_reference
from edgesdk.rewrite.transpose_view import transpose_view
from movement_graphs import completed, integers
from single_node import random_input, tensor


def _transpose(shape: tuple[int, ...], permutation: tuple[int, ...]) -> Graph:
    return completed("TRANSPOSE", [tensor(shape), integers(permutation)], None)


@pytest.mark.parametrize(
    ("shape", "permutation"),
    [
        ((1, 5, 1, 3), (0, 2, 1, 3)),
        ((1, 4, 6, 1), (0, 3, 1, 2)),
        ((7, 1), (1, 0)),
        ((2, 3, 4), (0, 1, 2)),
        ((1, 1, 1, 1), (3, 2, 1, 0)),
    ],
)
def test_moves_of_length_1_become_a_reshape(shape: tuple[int, ...], permutation: tuple[int, ...]) -> None:
    graph = _transpose(shape, permutation)
    rewritten = transpose_view(graph)
    check_graph(rewritten)
    assert [n.op for n in rewritten.nodes] == ["RESHAPE"]
    assert rewritten.nodes[0].tflite_ops == graph.nodes[0].tflite_ops
    x = random_input(np.random.default_rng(0), shape)
    (t,) = graph.outputs
    np.testing.assert_array_equal(run_reference(rewritten, [x])[t], run_reference(graph, [x])[t])


@pytest.mark.parametrize(
    ("shape", "permutation"), [((1, 5, 2, 3), (0, 2, 1, 3)), ((2, 1, 3), (2, 1, 0)), ((3, 3), (1, 0))]
)
def test_others_stay(shape: tuple[int, ...], permutation: tuple[int, ...]) -> None:
    assert [n.op for n in transpose_view(_transpose(shape, permutation)).nodes] == ["TRANSPOSE"]
