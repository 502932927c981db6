# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given, settings

from edgesdk.model.graph import Graph
from movement_checks import assert_equals_oracle
from movement_graphs import resizes


@settings(max_examples=150, deadline=None)
@given(resizes())
def test_equals_tflm(graph: Graph) -> None:
    assert_equals_oracle(graph)
