# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import EdgeError
from edgesdk.kernels.add_linear_s8 import KERNEL, fit_linear_sum
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.sub import SubOptions
from edgesdk.ops.add import OPERATOR as ADD
from elementwise import ALL_INT8, BUNDLES, all_pairs, assert_in_place, binary_graphs, checked, quantized
from movement_checks import assert_kernels
from single_node import tensor

SUMS = st.one_of(binary_graphs("ADD", AddOptions), binary_graphs("SUB", SubOptions))


@settings(BUNDLES)
@given(st.lists(SUMS.filter(lambda g: KERNEL.accepts(g, g.nodes[0])), min_size=25, max_size=25))
def test_equals_the_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs)
    assert_in_place(graphs)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_fit_is_exact_and_fits_int32(data: st.DataObject) -> None:
    a, b, out = (quantized(data.draw, (1,)) for _ in range(3))
    graph, _ = all_pairs("ADD", a, b, out, AddOptions(data.draw(st.sampled_from(("NONE", "RELU", "RELU6")))))
    try:
        checked(graph)
    except EdgeError:
        return
    constants = ADD.constants(graph, graph.nodes[0])
    fit = fit_linear_sum(constants)
    if fit is None:
        return
    q = ALL_INT8.astype(np.int64)
    terms = [q[:, None] * fit.a_factor, q * fit.b_factor]
    total = terms[0] + terms[1] + fit.constant
    for part in (*terms, terms[0] + terms[1], total):
        assert np.abs(part).max() < 1 << 31
    got = np.clip(total >> fit.shift, constants.low, constants.high)
    np.testing.assert_array_equal(got, constants.apply(q[:, None], q))


def test_trained_networks_have_a_fit() -> None:
    """Scales like those of residual additions: two inputs of similar range and an output a little wider."""
    rng = np.random.default_rng(0)
    fits = 0
    for _ in range(100):
        first, second = 2.0 ** rng.uniform(-6, -4, 2)
        out = max(first, second) * 2.0 ** rng.uniform(-0.3, 1)
        points = rng.integers(-128, 128, 3)
        t = [tensor((1,), scale=s, zero_point=int(z)) for s, z in zip((first, second, out), points, strict=True)]
        graph, _ = all_pairs("ADD", *t, AddOptions())
        fits += KERNEL.accepts(graph, graph.nodes[0])
    assert fits >= 97
