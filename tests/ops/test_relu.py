# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError, ErrorKind
from edgesdk.model.graph import DType, Tensor
from elementwise import ALL_INT8, assert_equals_oracle, checked, quantized, reference, unary_graph
from single_node import tensor


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_every_input_equals_the_oracle(data: st.DataObject) -> None:
    source, target = quantized(data.draw, (2, 128)), quantized(data.draw, (2, 128))
    assert_equals_oracle(unary_graph("RELU", source, target), [ALL_INT8.reshape(2, 128)])


def test_it_rescales() -> None:
    graph = unary_graph("RELU", tensor((256,), scale=0.2, zero_point=10), tensor((256,), scale=0.1, zero_point=-128))
    want = np.clip(2 * np.maximum(ALL_INT8.astype(int) - 10, 0) - 128, -128, 127)
    np.testing.assert_array_equal(reference(graph, [ALL_INT8]), want)


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        (tensor((2,)), tensor((3,)), MODEL_INVALID),
        (tensor((2,), dtype=DType.FLOAT32), tensor((2,)), MODEL_TYPE),
        (tensor((2,), scale=None), tensor((2,)), MODEL_TYPE),
        (tensor((2,), scale=1e7), tensor((2,)), OP_OPTIONS),
    ],
)
def test_what_is_refused(source: Tensor, target: Tensor, kind: ErrorKind) -> None:
    with pytest.raises(EdgeError) as caught:
        checked(unary_graph("RELU", source, target))
    assert caught.value.kind is kind
