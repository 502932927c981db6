# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import Graph
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from movement_checks import assert_kernels, inputs_of
from movement_graphs import completed, pools
from single_node import tensor
from support import assert_c_equals_reference


@settings(max_examples=6, deadline=None)
@given(st.lists(pools("AVERAGE_POOL_2D"), min_size=12, max_size=12))
def test_equals_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs)


@pytest.mark.parametrize("side", [16, 17, 19, 20])
def test_large_windows(side: int) -> None:
    """Around 257 elements, the most that fit half a word, and 361, the largest divisor with a reciprocal."""
    source = tensor((1, side, side, 8), scale=0.5, zero_point=3)
    graph = completed("AVERAGE_POOL_2D", [source], Pool2DOptions("VALID", 1, 1, side, side))
    cases = [[np.full(source.shape, value, np.int8)] for value in (-128, 127)]
    assert_c_equals_reference(graph, [*cases, inputs_of(graph, 0)])
