# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, EdgeError, ErrorKind
from edgesdk.model.graph import Graph, Shape, Tensor
from edgesdk.model.tflite.softmax import SoftmaxOptions
from elementwise import assert_equals_oracle, checked, reference, scales, unary_graph, zero_points
from single_node import random_input, tensor


def graph_of(shape: Shape, scale: float, zero_point: int = 0, beta: float = 1.0) -> Graph:
    target = tensor(shape, scale=1 / 256, zero_point=-128)
    return unary_graph("SOFTMAX", tensor(shape, scale=scale, zero_point=zero_point), target, SoftmaxOptions(beta))


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_rows_equal_the_oracle(data: st.DataObject) -> None:
    draw = data.draw
    shape = (
        *draw(st.lists(st.integers(1, 3), max_size=3)),
        draw(st.sampled_from((1, 2, 3, 10, 64, 255, 511))),
    )
    beta = draw(st.sampled_from((1.0, 1.0, 0.5, 2.0, float(np.float32(0.1)))))
    graph = graph_of(shape, draw(st.one_of(scales(), scales(-20, 12))), draw(zero_points()), beta)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    inputs = (
        random_input(rng, shape),
        rng.integers(-3, 4, shape).astype(np.int8),
        np.full(shape, draw(st.integers(-128, 127)), np.int8),
    )
    assert_equals_oracle(graph, [draw(st.sampled_from(inputs))])


@settings(deadline=None, max_examples=200)
@given(st.one_of(scales(), scales(-20, 12)))
def test_every_difference_equals_the_oracle(scale: float) -> None:
    pairs = np.stack([np.full(256, 127), np.arange(-128, 128)], axis=-1).astype(np.int8)
    assert_equals_oracle(graph_of((256, 2), scale), [pairs])


def test_it_is_close_to_the_function() -> None:
    x = np.arange(-10, 10, dtype=np.int8)
    e = np.exp(0.1 * 2.0 * x.astype(float))
    got = reference(graph_of((20,), 0.1, 7, 2.0), [x])
    assert np.abs((got.astype(float) + 128) / 256 - e / e.sum()).max() <= 1 / 256


def test_flat_rows_of_more_than_512_round_to_zero() -> None:
    """TFLite Micro aborts there; every share is below 1/512."""
    np.testing.assert_array_equal(reference(graph_of((4095,), 0.1), [np.zeros(4095, np.int8)]), -128)


@pytest.mark.parametrize(
    ("source", "target", "beta", "kind"),
    [
        (tensor(()), tensor((), scale=1 / 256, zero_point=-128), 1.0, MODEL_INVALID),
        (tensor((2,)), tensor((2,), scale=1 / 256), 1.0, OP_OPTIONS),
        (tensor((2,)), tensor((2,), scale=1 / 255, zero_point=-128), 1.0, OP_OPTIONS),
        (tensor((2,)), tensor((2,), scale=1 / 256, zero_point=-128), 0.0, OP_OPTIONS),
        (tensor((2,)), tensor((2,), scale=1 / 256, zero_point=-128), -1.0, OP_OPTIONS),
        (tensor((4096,)), tensor((4096,), scale=1 / 256, zero_point=-128), 1.0, OP_OPTIONS),
    ],
)
def test_what_is_refused(source: Tensor, target: Tensor, beta: float, kind: ErrorKind) -> None:
    with pytest.raises(EdgeError) as caught:
        checked(unary_graph("SOFTMAX", source, target, SoftmaxOptions(beta)))
    assert caught.value.kind is kind
