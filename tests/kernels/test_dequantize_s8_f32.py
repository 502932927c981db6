# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import DType, Graph
from elementwise import ALL_INT8, BUNDLES, quantized, unary_graph
from movement_checks import inputs_of
from movement_graphs import merged
from single_node import tensor
from support import assert_c_equals_reference


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    shape = draw(st.lists(st.integers(1, 7), max_size=4))
    source = quantized(draw, shape, draw(st.sampled_from((DType.INT8, DType.UINT8))))
    return unary_graph("DEQUANTIZE", source, tensor(shape, scale=None, dtype=DType.FLOAT32))


@settings(BUNDLES)
@given(st.lists(graphs(), min_size=25, max_size=25), st.integers(0, 1 << 31))
def test_equals_the_reference(graphs: list[Graph], seed: int) -> None:
    graph = merged(graphs)
    assert_c_equals_reference(graph, [inputs_of(graph, seed)])


def test_every_byte() -> None:
    target = tensor((256,), scale=None, dtype=DType.FLOAT32)
    pairs = ((DType.INT8, -128), (DType.INT8, 5), (DType.UINT8, 0), (DType.UINT8, 200))
    cases = [
        (unary_graph("DEQUANTIZE", tensor((256,), scale=0.0123, zero_point=z, dtype=d), target), d) for d, z in pairs
    ]
    inputs = [ALL_INT8.view(d.value) for _, d in cases]
    assert_c_equals_reference(merged([g for g, _ in cases]), [inputs])
