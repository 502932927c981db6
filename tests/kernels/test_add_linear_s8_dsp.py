# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgesdk.kernels.add_linear_s8_dsp import KERNEL
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.sub import SubOptions
from elementwise import BUNDLES, checked, quantized
from movement_checks import assert_kernels
from single_node import single_node_graph
from support import DSP


@st.composite
def sums(draw: st.DrawFn) -> Graph:
    """Sums and differences of two maps of one shape that have a fit."""
    shape = tuple(draw(st.lists(st.integers(1, 12), min_size=2, max_size=4)))
    op, options = draw(st.sampled_from((("ADD", AddOptions()), ("SUB", SubOptions()))))
    while True:
        a, b, out = (quantized(draw, shape) for _ in range(3))
        graph = single_node_graph(op, [a, b], [out], options)
        if KERNEL.accepts(*checked(graph)):
            return graph


@BUNDLES
@given(st.lists(sums(), min_size=20, max_size=20))
def test_equals_the_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs, DSP)
