# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import Graph
from movement_checks import assert_kernels
from movement_graphs import pools
from support import DSP


@settings(max_examples=4, deadline=None)
@given(st.lists(pools("MAX_POOL_2D"), min_size=12, max_size=12))
def test_equals_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs, DSP)
