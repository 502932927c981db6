# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given, settings

from edgesdk.errors import MODEL_INVALID
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.split import SplitOptions
from movement_checks import assert_equals_oracle, assert_refused
from movement_graphs import integers, splits
from single_node import single_node_graph, tensor


@settings(max_examples=150, deadline=None)
@given(splits(5))
def test_equals_tflm(graph: Graph) -> None:
    assert_equals_oracle(graph)


def test_refuses_what_cannot_be_cut() -> None:
    source = tensor((2, 6))
    for axis, parts in [(1, 4), (2, 2), (-3, 2)]:
        outputs = [tensor((2, 3)) for _ in range(parts)]
        graph = single_node_graph("SPLIT", [integers([axis]), source], outputs, SplitOptions(parts))
        assert_refused(graph, MODEL_INVALID)
    one = single_node_graph("SPLIT", [integers([1]), source], [tensor((2, 3))], SplitOptions(2))
    assert_refused(one, MODEL_INVALID)
