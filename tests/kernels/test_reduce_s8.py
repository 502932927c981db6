# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import Graph
from edgesdk.model.tflite.reducer import ReducerOptions
from movement_checks import assert_kernels, inputs_of
from movement_graphs import completed, integers, reductions
from single_node import tensor
from support import assert_c_equals_reference


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(["MEAN", "SUM"]).flatmap(reductions), min_size=12, max_size=12))
def test_equals_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs)


@pytest.mark.parametrize("width", [257, 258, 600])
def test_long_rows(width: int) -> None:
    """Around 257 pixels, the most that fit half a word."""
    source = tensor((1, 2, width, 8), scale=0.5, zero_point=3)
    graph = completed("MEAN", [source, integers([1, 2])], ReducerOptions(False))
    cases = [[np.full(source.shape, value, np.int8)] for value in (-128, 127)]
    assert_c_equals_reference(graph, [*cases, inputs_of(graph, 0)])
