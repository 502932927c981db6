# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import Graph
from elementwise import BUNDLES, assert_in_place, binary_graphs
from movement_checks import assert_kernels


@settings(BUNDLES)
@given(st.lists(binary_graphs("MINIMUM", None, same=True), min_size=25, max_size=25))
def test_equals_the_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs)
    assert_in_place(graphs)
