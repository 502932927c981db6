# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edgesdk.errors import OP_OPTIONS, EdgeError
from elementwise import ALL_INT8, assert_equals_oracle, checked, reference, scales, unary_graph, zero_points
from single_node import tensor


@settings(deadline=None, max_examples=400)
@given(st.one_of(scales(), scales(-30, 5)), zero_points(), st.one_of(scales(), scales(-10, 20)), zero_points())
def test_every_input_equals_the_oracle(scale: float, zero_point: int, out_scale: float, out_point: int) -> None:
    assume(scale < 127 * out_scale)
    source = tensor((256,), scale=scale, zero_point=zero_point)
    target = tensor((256,), scale=out_scale, zero_point=out_point)
    assert_equals_oracle(unary_graph("HARD_SWISH", source, target), [ALL_INT8])


def test_it_is_close_to_the_function() -> None:
    source, target = tensor((256,), scale=0.05, zero_point=-5), tensor((256,), scale=0.06, zero_point=-100)
    got = reference(unary_graph("HARD_SWISH", source, target), [ALL_INT8])
    x = 0.05 * (ALL_INT8.astype(float) + 5)
    assert np.abs(0.06 * (got.astype(float) + 100) - x * np.clip(x + 3, 0, 6) / 6).max() <= 0.06


def test_a_left_shift_of_the_output_is_refused() -> None:
    with pytest.raises(EdgeError) as caught:
        checked(unary_graph("HARD_SWISH", tensor((1,), scale=200.0), tensor((1,), scale=1.0)))
    assert caught.value.kind is OP_OPTIONS
