# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import Array, DType, Graph
from elementwise import BUNDLES, scales, unary_graph, zero_points
from movement_graphs import merged
from single_node import tensor
from support import assert_c_equals_reference


def values(scale: float, count: int, seed: int) -> Array:
    """Halves of steps, their neighbours, any magnitude, infinities and NaN."""
    rng = np.random.default_rng(seed)
    halves = (rng.integers(-300, 300, count) / 2).astype(np.float32) * np.float32(scale)
    toward = rng.choice(np.array([-np.inf, np.inf], np.float32), count)
    wild = rng.integers(0, 1 << 32, count, dtype=np.uint32).view(np.float32)
    odd = rng.choice(np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e30, -1e30], np.float32), count)
    return np.choose(rng.integers(0, 4, count), [halves, np.nextafter(halves, toward), wild, odd]).astype(np.float32)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    shape = draw(st.lists(st.integers(1, 7), max_size=4))
    source = tensor(shape, scale=None, dtype=DType.FLOAT32)
    return unary_graph("QUANTIZE", source, tensor(shape, scale=draw(scales()), zero_point=draw(zero_points())))


@settings(BUNDLES)
@given(st.lists(graphs(), min_size=25, max_size=25), st.integers(0, 1 << 31))
def test_equals_the_reference(graphs: list[Graph], seed: int) -> None:
    graph = merged(graphs)
    inputs = [
        values(out.scale, out.elements, seed + i).reshape(out.shape)
        for i, out in enumerate(graph.tensors[t] for t in graph.outputs)
    ]
    assert_c_equals_reference(graph, [inputs])
