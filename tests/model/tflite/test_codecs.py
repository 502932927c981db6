# SPDX-License-Identifier: Apache-2.0
"""Every operator's options come back from a file as they went in."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any

import flatbuffers
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesdk.errors import MODEL_MALFORMED, OP_OPTIONS, EdgeError
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.average_pool_2d import CODEC as AVERAGE_POOL_2D
from edgesdk.model.tflite.builtin_names import BUILTIN_NAMES
from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.enums import activation_code, activation_name, padding_name, tensor_dtype
from edgesdk.model.tflite.flatbuffer import root_table, write_table
from edgesdk.model.tflite.fully_connected import CODEC as FULLY_CONNECTED
from edgesdk.model.tflite.fully_connected import FullyConnectedOptions
from edgesdk.model.tflite.leaky_relu import LeakyReluOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.model.tflite.registry import codecs
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.model.tflite.softmax import SoftmaxOptions
from edgesdk.model.tflite.split import SplitOptions
from edgesdk.model.tflite.squeeze import SqueezeOptions
from edgesdk.model.tflite.strided_slice import StridedSliceOptions
from edgesdk.model.tflite.sub import SubOptions
from edgesdk.model.tflite.transpose_conv import TransposeConvOptions

OPTIONS: dict[str, type] = {
    "ADD": AddOptions,
    "AVERAGE_POOL_2D": Pool2DOptions,
    "CONCATENATION": ConcatenationOptions,
    "CONV_2D": Conv2DOptions,
    "DEPTHWISE_CONV_2D": DepthwiseConv2DOptions,
    "FULLY_CONNECTED": FullyConnectedOptions,
    "LEAKY_RELU": LeakyReluOptions,
    "MAX_POOL_2D": Pool2DOptions,
    "MEAN": ReducerOptions,
    "MUL": MulOptions,
    "RESHAPE": ReshapeOptions,
    "RESIZE_NEAREST_NEIGHBOR": ResizeNearestNeighborOptions,
    "SOFTMAX": SoftmaxOptions,
    "SPLIT": SplitOptions,
    "SQUEEZE": SqueezeOptions,
    "STRIDED_SLICE": StridedSliceOptions,
    "SUB": SubOptions,
    "SUM": ReducerOptions,
    "TRANSPOSE_CONV": TransposeConvOptions,
}
BARE = {
    "DEQUANTIZE", "EXPAND_DIMS", "HARD_SWISH", "LOGISTIC", "MAXIMUM", "MINIMUM", "PAD", "PADV2", "QUANTIZE",
    "RELU", "RELU6", "TANH", "TRANSPOSE",
}  # fmt: skip
INT32 = st.integers(-(2**31), 2**31 - 1)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "padding": st.sampled_from(["SAME", "VALID"]),
    "activation": st.sampled_from(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"]),
    "pads": st.none(),
    "new_shape": st.none() | st.lists(INT32, max_size=5).map(tuple),
    "squeeze_dims": st.lists(INT32, max_size=5).map(tuple),
    **dict.fromkeys(("beta", "alpha"), st.floats(width=32, allow_nan=False, allow_infinity=False)),
    **dict.fromkeys(
        (
            "stride_h",
            "stride_w",
            "dilation_h",
            "dilation_w",
            "filter_h",
            "filter_w",
            "depth_multiplier",
            "num_splits",
        ),
        st.integers(1, 2**31 - 1),
    ),
}


def there_and_back(codec: Codec, options: Any) -> Any:
    assert codec.write is not None
    builder = flatbuffers.Builder(0)
    builder.Finish(codec.write(builder, options), file_identifier=b"TEST")
    return codec.read(root_table(bytes(builder.Output()), b"TEST"))


def test_every_codec_is_tested() -> None:
    assert set(codecs()) == set(OPTIONS) | BARE


@pytest.mark.parametrize("op", sorted(OPTIONS))
@given(data=st.data())
def test_options_come_back(op: str, data: st.DataObject) -> None:
    kinds = typing.get_type_hints(OPTIONS[op])
    values = {
        f.name: data.draw(VALUES.get(f.name, st.booleans() if kinds[f.name] is bool else INT32), f.name)
        for f in dataclasses.fields(OPTIONS[op])
    }
    options = OPTIONS[op](**values)
    assert there_and_back(codecs()[op], options) == options


@pytest.mark.parametrize("op", sorted(BARE))
def test_operators_without_options(op: str) -> None:
    assert codecs()[op].write is None
    assert codecs()[op].read(None) is None


@pytest.mark.parametrize("op", sorted(codecs()))
def test_numbers_and_names_agree(op: str) -> None:
    assert BUILTIN_NAMES[codecs()[op].builtin] == op


@pytest.mark.parametrize("op", sorted(set(OPTIONS) - {"RESHAPE", "SQUEEZE"}))
def test_missing_options_are_refused(op: str) -> None:
    with pytest.raises(EdgeError) as caught:
        codecs()[op].read(None)
    assert caught.value.kind is MODEL_MALFORMED


def test_reshape_and_squeeze_need_no_options() -> None:
    assert codecs()["RESHAPE"].read(None) == ReshapeOptions(None)
    assert codecs()["SQUEEZE"].read(None) == SqueezeOptions(())


def read_fields(codec: Codec, fields: list[tuple[int, str, Any, Any]]) -> Any:
    builder = flatbuffers.Builder(0)
    builder.Finish(write_table(builder, fields), file_identifier=b"TEST")
    return codec.read(root_table(bytes(builder.Output()), b"TEST"))


@pytest.mark.parametrize("field", [(1, "int8", 1, 0), (3, "bool", True, False)])
def test_fully_connected_of_other_kinds_is_refused(field: tuple[int, str, Any, Any]) -> None:
    with pytest.raises(EdgeError) as caught:
        read_fields(FULLY_CONNECTED, [field])
    assert caught.value.kind is OP_OPTIONS


def test_a_window_of_no_size_is_refused() -> None:
    with pytest.raises(EdgeError, match="window"):
        read_fields(AVERAGE_POOL_2D, [(1, "int32", 1, 0), (2, "int32", 1, 0), (3, "int32", 2, 0)])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("op", ["SOFTMAX", "LEAKY_RELU"])
def test_factors_are_finite(op: str, value: float) -> None:
    with pytest.raises(EdgeError):
        read_fields(codecs()[op], [(0, "float32", value, 0.0)])


def test_enumerations() -> None:
    for code in range(4):
        assert activation_code(activation_name(code)) == code
    for code, kind in ((4, OP_OPTIONS), (5, OP_OPTIONS), (6, MODEL_MALFORMED), (-1, MODEL_MALFORMED)):
        with pytest.raises(EdgeError) as caught:
            activation_name(code)
        assert caught.value.kind is kind
    for code in (2, -1):
        with pytest.raises(EdgeError):
            padding_name(code)
    assert np.dtype(tensor_dtype(9).value) == np.int8
