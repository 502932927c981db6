# SPDX-License-Identifier: Apache-2.0
"""The TFLite schema's enumerations that options and tensors use: names <-> codes.

Source: TensorFlow Lite's schema.fbs, version 3 (Padding, ActivationFunctionType, TensorType).
"""

from __future__ import annotations

from edgesdk.errors import MODEL_MALFORMED, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import DType

_PADDINGS = ("SAME", "VALID")
_ACTIVATIONS = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6")
_OTHER_ACTIVATIONS = ("TANH", "SIGN_BIT")
_TYPES = {
    DType.FLOAT32: 0,
    DType.INT32: 2,
    DType.UINT8: 3,
    DType.INT64: 4,
    DType.BOOL: 6,
    DType.INT16: 7,
    DType.INT8: 9,
}
_DTYPES = {code: dtype for dtype, code in _TYPES.items()}
_OTHER_TYPES = {
    1: "float16", 5: "string", 8: "complex64", 10: "float64", 11: "complex128", 12: "uint64", 13: "resource",
    14: "variant", 15: "uint32", 16: "uint16", 17: "int4", 18: "bfloat16", 19: "int2", 20: "uint4",
    21: "float8_e4m3fn", 22: "float8_e5m2",
}  # fmt: skip


def padding_name(code: int) -> str:
    """SAME or VALID.

    Raises:
        EdgeError: MODEL_MALFORMED.
    """
    if not 0 <= code < len(_PADDINGS):
        raise EdgeError(MODEL_MALFORMED, f"the schema has no padding {code}")
    return _PADDINGS[code]


def padding_code(name: str) -> int:
    return _PADDINGS.index(name)


def activation_name(code: int) -> str:
    """NONE, RELU, RELU_N1_TO_1 or RELU6.

    Raises:
        EdgeError: OP_OPTIONS for the schema's other activations, MODEL_MALFORMED for what it does not have.
    """
    if 0 <= code < len(_ACTIVATIONS):
        return _ACTIVATIONS[code]
    if 0 <= code - len(_ACTIVATIONS) < len(_OTHER_ACTIVATIONS):
        name = _OTHER_ACTIVATIONS[code - len(_ACTIVATIONS)]
        raise EdgeError(OP_OPTIONS, f"the fused activation {name} is not supported")
    raise EdgeError(MODEL_MALFORMED, f"the schema has no activation {code}")


def activation_code(name: str) -> int:
    return _ACTIVATIONS.index(name)


def tensor_dtype(code: int) -> DType:
    """The element type of a schema code.

    Raises:
        EdgeError: MODEL_TYPE for the schema's other types, MODEL_MALFORMED for what it does not have.
    """
    if code in _DTYPES:
        return _DTYPES[code]
    if code in _OTHER_TYPES:
        raise EdgeError(MODEL_TYPE, f"element type {_OTHER_TYPES[code]} is not supported")
    raise EdgeError(MODEL_MALFORMED, f"the schema has no element type {code}")


def tensor_type_code(dtype: DType) -> int:
    return _TYPES[dtype]
