# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given, settings

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from movement_checks import assert_equals_oracle, assert_refused, inputs_of
from movement_graphs import concatenations
from oracle import run_oracle
from single_node import single_node_graph, tensor


@settings(max_examples=150, deadline=None)
@given(concatenations())
def test_equals_tflm(graph: Graph) -> None:
    assert_equals_oracle(graph)


@pytest.mark.parametrize(("scale", "zero_point"), [(0.5, 0), (1.0, 1)])
def test_refuses_other_quantizations(scale: float, zero_point: int) -> None:
    """TFLite Micro does not requantize: it refuses too."""
    parts = [tensor((1, 2)), tensor((1, 3), scale=scale, zero_point=zero_point)]
    graph = single_node_graph("CONCATENATION", parts, [tensor((1, 5))], ConcatenationOptions(1))
    assert_refused(graph, MODEL_TYPE)
    with pytest.raises(RuntimeError):
        run_oracle(graph, inputs_of(graph, 0))


def test_refuses_shapes_that_do_not_match() -> None:
    for shapes, axis in [(((1, 2), (2, 2)), 1), (((1, 2), (1, 2, 1)), 0), (((1, 2), (1, 2)), 2)]:
        graph = single_node_graph(
            "CONCATENATION", [tensor(s) for s in shapes], [tensor((1, 4))], ConcatenationOptions(axis)
        )
        assert_refused(graph, MODEL_INVALID)
    fused = single_node_graph("CONCATENATION", [tensor((1,))], [tensor((1,))], ConcatenationOptions(0, "RELU"))
    assert_refused(fused, OP_OPTIONS)
