# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.tflite.leaky_relu import LeakyReluOptions
from elementwise import ALL_INT8, assert_equals_oracle, checked, quantized, reference, unary_graph
from single_node import tensor


@settings(deadline=None, max_examples=300)
@given(st.data(), st.one_of(st.floats(-2, 2, width=32), st.integers(-16, 16).map(lambda n: n / 8)))
def test_every_input_equals_the_oracle(data: st.DataObject, alpha: float) -> None:
    source, target = quantized(data.draw, (256,)), quantized(data.draw, (256,))
    options = LeakyReluOptions(float(np.float32(alpha)))
    assert_equals_oracle(unary_graph("LEAKY_RELU", source, target, options), [ALL_INT8])


def test_a_plain_slope() -> None:
    q = tensor((256,), scale=0.1, zero_point=8)
    got = reference(unary_graph("LEAKY_RELU", q, q, LeakyReluOptions(0.25)), [ALL_INT8])
    x = ALL_INT8.astype(int) - 8
    np.testing.assert_array_equal(got, np.where(x >= 0, x, -((-x + 2) // 4)) + 8)  # ties away from zero


@pytest.mark.parametrize("alpha", [1e10, -1e10])
def test_a_slope_that_overflows_is_refused(alpha: float) -> None:
    with pytest.raises(EdgeError) as caught:
        checked(unary_graph("LEAKY_RELU", tensor((1,)), tensor((1,)), LeakyReluOptions(alpha)))
    assert caught.value.kind is OP_OPTIONS
