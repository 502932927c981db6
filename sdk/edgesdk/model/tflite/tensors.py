# SPDX-License-Identifier: Apache-2.0
"""Tensors, quantization parameters and constant data out of a .tflite file, checked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, DType, Quantization, Shape, Tensor
from edgesdk.model.located import located
from edgesdk.model.tflite.enums import tensor_dtype
from edgesdk.model.tflite.flatbuffer import Table
from edgesdk.text import printable

MAX_RANK = 8
MAX_ELEMENTS = 1 << 26
# Between these, products of two scales and quotients by a third stay normal numbers in double precision, and
# an activation's bound divided by a scale stays finite in single precision.
MIN_SCALE, MAX_SCALE = 2.0**-100, 2.0**63


class Buffers:
    """The file's buffers; each one's bytes are read once, however many tensors use it."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._read: dict[int, bytes] = {}

    def data(self, index: int) -> bytes:
        """The bytes of a buffer; none for what is computed when the model runs."""
        if index >= len(self._tables):
            raise EdgeError(MODEL_INVALID, f"it uses buffer {index} of {len(self._tables)}")
        if index not in self._read:
            table = self._tables[index]
            if table.uint64(1) or table.uint64(2):
                raise EdgeError(MODEL_TYPE, f"buffer {index} lies outside the flatbuffer, which is not supported")
            self._read[index] = table.string(0) or b""
        return self._read[index]


def tensor_name(table: Table) -> str:
    return (table.string(3) or b"").decode("utf-8", errors="backslashreplace")


def tensor_shape(table: Table) -> Shape:
    """The shape as the file has it, unchecked."""
    return table.vector_int32(0) or ()


def read_tensor(index: int, table: Table, buffers: Buffers) -> Tensor:
    """One tensor.

    Raises:
        EdgeError: MODEL_MALFORMED, MODEL_INVALID, MODEL_TYPE or OP_OPTIONS, saying which tensor.
    """
    name = tensor_name(table)
    with located(f"tensor {index} '{printable(name)}'"):
        dtype = tensor_dtype(table.int8(1))
        if table.bool(5):
            raise EdgeError(MODEL_TYPE, "variable tensors are not supported")
        if table.has(6):
            raise EdgeError(MODEL_TYPE, "sparse tensors are not supported")
        if table.uint32(10):
            raise EdgeError(MODEL_TYPE, "tensors in external files are not supported")
        shape = _shape(table)
        quantization = _quantization(table.table(4), dtype, shape)
        data = _constant(buffers.data(table.uint32(2)), dtype, shape)
        return Tensor(index, name, shape, dtype, quantization, data)


def _shape(table: Table) -> Shape:
    shape = tensor_shape(table)
    if len(shape) > MAX_RANK:
        raise EdgeError(OP_OPTIONS, f"it has {len(shape)} axes, more than {MAX_RANK}")
    signature = table.vector_int32(7)
    if signature:
        if len(signature) != len(shape):
            raise EdgeError(MODEL_INVALID, f"shape {list(shape)} and shape signature {list(signature)} differ")
        for axis, (size, signed) in enumerate(zip(shape, signature, strict=True)):
            # Converters leave the batch open (-1) and run with the batch of the shape.
            if signed != size and not (axis == 0 and signed == -1):
                raise EdgeError(
                    OP_OPTIONS if signed == -1 else MODEL_INVALID,
                    f"axis {axis} of shape signature {list(signature)} is not fixed by shape {list(shape)}",
                    tries=["convert the model with fixed input shapes"],
                )
    if any(size < 1 for size in shape):
        raise EdgeError(MODEL_INVALID, f"shape {list(shape)} has a size below 1")
    if math.prod(shape) > MAX_ELEMENTS:
        raise EdgeError(OP_OPTIONS, f"shape {list(shape)} has more than {MAX_ELEMENTS} elements")
    return shape


def _quantization(table: Table | None, dtype: DType, shape: Shape) -> Quantization | None:
    # Converters leave observed ranges on float tensors; they quantize nothing.
    if table is None or dtype in (DType.FLOAT32, DType.BOOL):
        return None
    if table.uint8(4) != 0:
        raise EdgeError(MODEL_TYPE, "custom quantization is not supported")
    scales = table.vector_float32(2) or ()
    points = table.vector_int64(3) or ()
    if not scales:
        return None
    for scale in scales:
        if not (math.isfinite(scale) and scale > 0):
            raise EdgeError(MODEL_INVALID, f"its scale is {scale}")
        if not MIN_SCALE <= scale <= MAX_SCALE:
            raise EdgeError(MODEL_TYPE, f"its scale {scale} is not between {MIN_SCALE} and {MAX_SCALE}")
    if len(points) != len(scales):
        raise EdgeError(MODEL_INVALID, f"it has {len(scales)} scales and {len(points)} zero points")
    low, high = _zero_points(dtype)
    for point in points:
        if not low <= point <= high:
            raise EdgeError(MODEL_INVALID, f"zero point {point} does not suit {dtype.value}")
    axis = table.int32(6)
    if len(scales) == 1:
        return Quantization(scales, points)
    if not 0 <= axis < len(shape):
        raise EdgeError(MODEL_INVALID, f"it is quantized along axis {axis} of {len(shape)}")
    if len(scales) != shape[axis]:
        raise EdgeError(MODEL_INVALID, f"it has {len(scales)} scales for {shape[axis]} channels")
    if any(points):
        raise EdgeError(MODEL_TYPE, "per-channel zero points other than 0 are not supported")
    return Quantization(scales, points, axis)


def _zero_points(dtype: DType) -> tuple[int, int]:
    if dtype in (DType.INT8, DType.UINT8, DType.INT16):
        info = np.iinfo(dtype.value)
        return int(info.min), int(info.max)
    return 0, 0


def _constant(data: bytes, dtype: DType, shape: Shape) -> Array | None:
    if not data:
        return None
    need = math.prod(shape) * dtype.bytes
    if len(data) != need:
        raise EdgeError(MODEL_INVALID, f"its {len(data)} bytes of data are not the {need} of shape {list(shape)}")
    if dtype is DType.BOOL and max(data) > 1:
        raise EdgeError(MODEL_INVALID, "a bool is neither 0 nor 1")
    # Views of the buffer's immutable bytes: read-only, and shared by the tensors that share the buffer.
    little = np.frombuffer(data, dtype=np.dtype(dtype.value).newbyteorder("<"))
    return little.astype(dtype.value, copy=False).reshape(shape)
