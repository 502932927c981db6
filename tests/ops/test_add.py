# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError, ErrorKind
from edgesdk.model.graph import DType, Tensor
from edgesdk.model.tflite.add import AddOptions
from elementwise import (
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
    if data.draw(st.booleans()):
        b = tensor((1,), scale=a.scale, zero_point=b.zero_point)
    activation = data.draw(st.sampled_from(("NONE", "NONE", "RELU", "RELU6", "RELU_N1_TO_1")))
    assert_equals_oracle(*all_pairs("ADD", a, b, out, AddOptions(activation)))


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_broadcasts_equal_the_oracle(data: st.DataObject) -> None:
    graph = data.draw(binary_graphs("ADD", AddOptions))
    assert_equals_oracle(graph, random_inputs(data.draw, graph))


def test_multipliers_are_double() -> None:
    # Scales at which float32 and double multipliers give different results.
    scales = (0.06287366896867752, 0.06282064318656921, 0.04636401683092117)
    a, b, out = (tensor((1,), scale=s) for s in scales)
    graph, inputs = all_pairs("ADD", a, b, out, AddOptions())
    assert_equals_oracle(graph, inputs)


def test_a_plain_sum() -> None:
    a, b = tensor((2, 3), scale=0.5, zero_point=1), tensor((3,), scale=0.25, data=[4, 8, -4])
    out = tensor((2, 3), scale=0.25, zero_point=-10)
    graph = single_node_graph("ADD", [a, b], [out], AddOptions())
    x = np.array([[1, 2, 3], [4, 5, 6]], np.int8)
    want = 2 * (x.astype(int) - 1) + np.array([4, 8, -4]) - 10
    np.testing.assert_array_equal(reference(graph, [x]), want)


@pytest.mark.parametrize(
    ("a", "b", "out", "kind"),
    [
        (tensor((2, 3)), tensor((2, 4)), tensor((2, 4)), MODEL_INVALID),
        (tensor((2, 3)), tensor((2, 3)), tensor((3, 2)), MODEL_INVALID),
        (tensor((2, 3)), tensor((2, 3), dtype=DType.UINT8), tensor((2, 3)), MODEL_TYPE),
        (tensor((2, 3)), tensor((2, 3), scale=None), tensor((2, 3)), MODEL_TYPE),
        (tensor((2, 3)), tensor((2, 3), scale=(1.0, 2.0), axis=0), tensor((2, 3)), MODEL_TYPE),
        (tensor((2, 3), scale=1e6), tensor((2, 3)), tensor((2, 3)), OP_OPTIONS),
        (tensor((2, 3, 4, 5)), tensor((1, 3, 1, 1)), tensor((2, 3, 4, 5)), None),
        (tensor((2, 3, 4, 5)), tensor((2, 1, 1, 1)), tensor((2, 3, 4, 5)), None),
        (tensor((2, 1, 4, 5)), tensor((1, 3, 4, 5)), tensor((2, 3, 4, 5)), None),
        (tensor((2, 3, 2, 4, 5)), tensor((2, 1, 2, 4, 5)), tensor((2, 3, 2, 4, 5)), OP_OPTIONS),
        (tensor((1, 4, 5)), tensor((4, 5)), tensor((1, 4, 5)), OP_OPTIONS),
        (tensor((1, 4, 5)), tensor((4, 5), data=np.zeros((4, 5))), tensor((1, 4, 5)), None),
    ],
)
def test_what_is_refused(a: Tensor, b: Tensor, out: Tensor, kind: ErrorKind | None) -> None:
    graph = single_node_graph("ADD", [a, b], [out], AddOptions())
    if kind is None:
        checked(graph)
        return
    with pytest.raises(EdgeError) as caught:
        checked(graph)
    assert caught.value.kind is kind
