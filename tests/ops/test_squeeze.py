# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from edgesdk.errors import MODEL_INVALID
from edgesdk.model.tflite.squeeze import SqueezeOptions
from movement_checks import assert_equals_oracle, assert_refused
from movement_graphs import completed
from single_node import single_node_graph, tensor


@pytest.mark.parametrize(
    ("shape", "axes", "left"),
    [
        ((1, 3, 1, 4), (), (3, 4)),
        ((1, 3, 1, 4), (2,), (1, 3, 4)),
        ((1, 3, 1, 4), (0, -2), (3, 4)),
        ((5, 1), (1,), (5,)),
    ],
)
def test_equals_tflm(shape: tuple[int, ...], axes: tuple[int, ...], left: tuple[int, ...]) -> None:
    graph = completed("SQUEEZE", [tensor(shape)], SqueezeOptions(axes))
    assert graph.tensor_out(graph.nodes[0]).shape == left
    assert_equals_oracle(graph)


@pytest.mark.parametrize("axes", [(1,), (4,), (-5,)])
def test_refuses_other_axes(axes: tuple[int, ...]) -> None:
    graph = single_node_graph("SQUEEZE", [tensor((1, 3, 1, 4))], [tensor((3, 4))], SqueezeOptions(axes))
    assert_refused(graph, MODEL_INVALID)
