# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.tflite.sub import SubOptions
from elementwise import (
    all_pairs,
    assert_equals_oracle,
    binary_graphs,
    quantized,
    random_inputs,
    reference,
)
from single_node import single_node_graph, tensor


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_every_pair_of_inputs_equals_the_oracle(data: st.DataObject) -> None:
    a, b, out = (quantized(data.draw, (1,)) for _ in range(3))
    if data.draw(st.booleans()):
        b = tensor((1,), scale=a.scale, zero_point=b.zero_point)
    activation = data.draw(st.sampled_from(("NONE", "NONE", "RELU", "RELU6", "RELU_N1_TO_1")))
    assert_equals_oracle(*all_pairs("SUB", a, b, out, SubOptions(activation)))


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_broadcasts_equal_the_oracle(data: st.DataObject) -> None:
    graph = data.draw(binary_graphs("SUB", SubOptions))
    assert_equals_oracle(graph, random_inputs(data.draw, graph))


def test_multipliers_are_float32() -> None:
    # Scales at which float32 and double multipliers give different results.
    scales = (0.04408526420593262, 0.05550694838166237, 0.0501742959022522)
    a, b, out = (tensor((1,), scale=s) for s in scales)
    graph, inputs = all_pairs("SUB", a, b, out, SubOptions())
    assert_equals_oracle(graph, inputs)


def test_a_plain_sum() -> None:
    a, b = tensor((2, 3), scale=0.5, zero_point=1), tensor((3,), scale=0.25, data=[4, 8, -4])
    out = tensor((2, 3), scale=0.25, zero_point=-10)
    graph = single_node_graph("SUB", [a, b], [out], SubOptions())
    x = np.array([[1, 2, 3], [4, 5, 6]], np.int8)
    want = 2 * (x.astype(int) - 1) - np.array([4, 8, -4]) - 10
    np.testing.assert_array_equal(reference(graph, [x]), want)
