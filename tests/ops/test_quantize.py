# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError, ErrorKind
from edgesdk.model.graph import DType, Tensor
from elementwise import (
    ALL_INT8,
    assert_equals_oracle,
    checked,
    quantized,
    reference,
    scales,
    unary_graph,
    zero_points,
)
from single_node import tensor

PAIRS = [(DType.INT8, DType.INT8), (DType.INT8, DType.UINT8), (DType.UINT8, DType.INT8)]


@pytest.mark.parametrize(("source_type", "target_type"), PAIRS)
@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_every_byte_equals_the_oracle(source_type: DType, target_type: DType, data: st.DataObject) -> None:
    source, target = quantized(data.draw, (256,), source_type), quantized(data.draw, (256,), target_type)
    if data.draw(st.booleans()):
        target = tensor((256,), scale=source.scale, zero_point=target.zero_point, dtype=target_type)
    inputs = ALL_INT8.view(source_type.value)
    assert_equals_oracle(unary_graph("QUANTIZE", source, target), [inputs])


@settings(deadline=None, max_examples=200)
@given(scales(), zero_points(), st.integers(0, 2**32 - 1))
def test_floats_equal_the_oracle(scale: float, zero_point: int, seed: int) -> None:
    """Multiples of half a step, their neighbours, and whatever else keeps x / scale within int32."""
    rng = np.random.default_rng(seed)
    halves = (np.arange(-300, 300) / 2).astype(np.float32) * np.float32(scale)
    near = [np.nextafter(halves, np.float32(sign * np.inf)) for sign in (-1, 1)]
    wide = (rng.normal(0, 10.0 ** rng.uniform(-10, 6), 600) * scale).astype(np.float32)
    x = np.concatenate([halves, *near, wide])
    source = tensor(x.shape, scale=None, dtype=DType.FLOAT32)
    target = tensor(x.shape, scale=scale, zero_point=zero_point)
    assert_equals_oracle(unary_graph("QUANTIZE", source, target), [x])


def test_floats_beyond_int32_saturate() -> None:
    x = np.array([1e30, -1e30, np.inf, -np.inf, np.nan], np.float32)
    source = tensor((5,), scale=None, dtype=DType.FLOAT32)
    for zero_point in (-128, 0, 127):
        graph = unary_graph("QUANTIZE", source, tensor((5,), zero_point=zero_point))
        np.testing.assert_array_equal(reference(graph, [x]), [127, -128, 127, -128, zero_point])


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        (tensor((1,), dtype=DType.UINT8), tensor((1,), dtype=DType.UINT8), MODEL_TYPE),
        (tensor((1,), dtype=DType.FLOAT32), tensor((1,), dtype=DType.UINT8), MODEL_TYPE),
        (tensor((1,), scale=None), tensor((1,)), MODEL_TYPE),
        (tensor((1,), dtype=DType.FLOAT32), tensor((1,), scale=None), MODEL_TYPE),
        (tensor((1,)), tensor((2,)), MODEL_INVALID),
        (tensor((1,), scale=1e7), tensor((1,)), OP_OPTIONS),
    ],
)
def test_what_is_refused(source: Tensor, target: Tensor, kind: ErrorKind) -> None:
    with pytest.raises(EdgeError) as caught:
        checked(unary_graph("QUANTIZE", source, target))
    assert caught.value.kind is kind
