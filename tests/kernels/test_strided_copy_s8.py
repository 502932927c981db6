# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import Graph
from movement_checks import assert_kernels
from movement_graphs import strided_slices, transposes


@settings(max_examples=6, deadline=None)
@given(st.lists(st.one_of(strided_slices(5), transposes(5)), min_size=12, max_size=12))
def test_equals_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs)
