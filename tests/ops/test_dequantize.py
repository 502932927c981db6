# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, EdgeError, ErrorKind
from edgesdk.model.graph import DType, Tensor
from elementwise import ALL_INT8, assert_equals_oracle, checked, scales, unary_graph, zero_points
from single_node import tensor


@pytest.mark.parametrize("dtype", [DType.INT8, DType.UINT8])
@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_every_byte_equals_the_oracle(dtype: DType, data: st.DataObject) -> None:
    scale = data.draw(st.one_of(scales(), scales(-149, 127)))  # subnormal results and infinities too
    point = data.draw(zero_points(-128 if dtype is DType.INT8 else 0))
    source = tensor((256,), scale=scale, zero_point=point, dtype=dtype)
    target = tensor((256,), scale=None, dtype=DType.FLOAT32)
    assert_equals_oracle(unary_graph("DEQUANTIZE", source, target), [ALL_INT8.view(dtype.value)])


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        (tensor((1,), dtype=DType.INT16), tensor((1,), dtype=DType.FLOAT32), MODEL_TYPE),
        (tensor((1,)), tensor((1,)), MODEL_TYPE),
        (tensor((1,), scale=None), tensor((1,), dtype=DType.FLOAT32), MODEL_TYPE),
        (tensor((1,)), tensor((2,), dtype=DType.FLOAT32), MODEL_INVALID),
    ],
)
def test_what_is_refused(source: Tensor, target: Tensor, kind: ErrorKind) -> None:
    with pytest.raises(EdgeError) as caught:
        checked(unary_graph("DEQUANTIZE", source, target))
    assert caught.value.kind is kind
