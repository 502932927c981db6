# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Graph, Tensor
from elementwise import ALL_INT8, assert_equals_oracle, checked, reference, scales, unary_graph, zero_points
from single_node import tensor

TARGET = tensor((256,), scale=1 / 128, zero_point=0)


def graph_of(scale: float, zero_point: int) -> Graph:
    return unary_graph("TANH", tensor((256,), scale=scale, zero_point=zero_point), TARGET)


@settings(deadline=None, max_examples=300)
@given(st.one_of(scales(), scales(-27, 13)), zero_points())
def test_every_input_equals_the_oracle(scale: float, zero_point: int) -> None:
    assert_equals_oracle(graph_of(scale, zero_point), [ALL_INT8])


def test_it_is_close_to_the_function() -> None:
    got = reference(graph_of(0.05, 10), [ALL_INT8])
    want = [math.tanh(0.05 * (int(q) - 10)) for q in ALL_INT8]
    assert np.abs((1 / 128) * (got.astype(float) - (0)) - want).max() <= 1.01 * 1 / 128


@pytest.mark.parametrize(
    "target", [tensor((256,), scale=1 / 64, zero_point=0), tensor((256,), scale=1 / 128, zero_point=1)]
)
def test_another_output_quantization_is_refused(target: Tensor) -> None:
    with pytest.raises(EdgeError) as caught:
        checked(unary_graph("TANH", tensor((256,)), target))
    assert caught.value.kind is OP_OPTIONS


def test_a_vanishing_input_scale_is_refused() -> None:
    with pytest.raises(EdgeError) as caught:
        checked(graph_of(2.0**-29, 0))
    assert caught.value.kind is OP_OPTIONS
