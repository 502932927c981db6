# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import Graph, Shape
from edgesdk.model.tflite.softmax import SoftmaxOptions
from elementwise import BUNDLES, assert_in_place, scales, unary_graph
from movement_checks import assert_kernels
from movement_graphs import merged
from single_node import tensor
from support import assert_c_equals_reference


def graph_of(shape: Shape, scale: float) -> Graph:
    target = tensor(shape, scale=1 / 256, zero_point=-128)
    return unary_graph("SOFTMAX", tensor(shape, scale=scale), target, SoftmaxOptions(1.0))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    leading = draw(st.lists(st.integers(1, 3), max_size=3))
    channels = draw(st.one_of(st.integers(1, 20), st.sampled_from((100, 512, 1000))))
    return graph_of((*leading, channels), draw(st.one_of(scales(), scales(-18, 12))))


@settings(BUNDLES)
@given(st.lists(graphs(), min_size=25, max_size=25))
def test_equals_the_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs)
    assert_in_place(graphs)


def test_sums_of_every_size() -> None:
    """Rows of n equal maxima: the reciprocal of every power of two and its neighbours, beyond 512 too."""
    sizes = sorted({max(1, (1 << k) + d) for k in range(12) for d in (-1, 0, 1)} | {4095})
    cases = [(graph_of((n,), 0.1), np.full(n, 3, np.int8)) for n in sizes]
    assert_c_equals_reference(merged([g for g, _ in cases]), [[x for _, x in cases]])
