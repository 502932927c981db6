# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.tflite.mul import MulOptions
from elementwise import (
    ACTIVATIONS,
    all_pairs,
    assert_equals_oracle,
    binary_graphs,
    checked,
    quantized,
    random_inputs,
    reference,
)
from single_node import single_node_graph, tensor


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_every_pair_of_inputs_equals_the_oracle(data: st.DataObject) -> None:
    a, b, out = (quantized(data.draw, (1,)) for _ in range(3))
    options = MulOptions(data.draw(st.sampled_from(ACTIVATIONS)))
    assert_equals_oracle(*all_pairs("MUL", a, b, out, options))


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_broadcasts_equal_the_oracle(data: st.DataObject) -> None:
    graph = data.draw(binary_graphs("MUL", MulOptions))
    assert_equals_oracle(graph, random_inputs(data.draw, graph))


@pytest.mark.parametrize("ratio", [2.0**-40, 2.0**-31, 0.25, 0.5, 1.0, 2.0, 100.0, 16000.0])
def test_extreme_multipliers_equal_the_oracle(ratio: float) -> None:
    a, b = tensor((1,), scale=1.0, zero_point=3), tensor((1,), scale=ratio, zero_point=-7)
    assert_equals_oracle(*all_pairs("MUL", a, b, tensor((1,), scale=1.0, zero_point=11), MulOptions()))


def test_a_plain_product() -> None:
    a, b = tensor((2, 2), scale=0.5, zero_point=1), tensor((), scale=2.0, zero_point=-1, data=2)
    graph = single_node_graph("MUL", [a, b], [tensor((2, 2), scale=1.0, zero_point=5)], MulOptions("RELU"))
    got = reference(graph, [np.array([[1, 2], [-3, 40]], np.int8)])
    np.testing.assert_array_equal(got, [[5, 8], [5, 122]])


def test_scales_that_overflow_are_refused() -> None:
    graph = single_node_graph("MUL", [tensor((1,), scale=1e5), tensor((1,))], [tensor((1,))], MulOptions())
    with pytest.raises(EdgeError) as caught:
        checked(graph)
    assert caught.value.kind is OP_OPTIONS
