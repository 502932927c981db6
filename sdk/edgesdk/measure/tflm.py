# SPDX-License-Identifier: Apache-2.0
"""TensorFlow Lite Micro's own reference kernels, from the tflite-micro wheel: a second source of expected outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from edgesdk.errors import TOOL_MISSING, EdgeError
from edgesdk.measure.inputs import Case
from edgesdk.measure.prepare import Prepared
from edgesdk.model.graph import Array, DType, Tensor

ARENA_BYTES = 64 << 20


class TflmOracle:
    """The model file in TFLite Micro's interpreter. Where the firmware's boundary is inside the file's, it gets the
    dequantized (or uint8) values, and its outputs are quantized back.

    Raises:
        EdgeError: TOOL_MISSING without the wheel.
    """

    def __init__(self, prepared: Prepared) -> None:
        try:
            from tflite_micro.python.tflite_micro import runtime
        except ImportError:
            raise EdgeError(
                TOOL_MISSING,
                "the tflite-micro wheel is not installed",
                why="it exists for Linux on x86-64 only",
                tries=("pip install 'edgesdk[oracle]'", "leave --oracle out to use edgesdk's own reference"),
            ) from None
        self._interpreter: Any = runtime.Interpreter.from_file(str(prepared.path), arena_size=ARENA_BYTES)
        source, inner = prepared.source, prepared.plan.graph
        self._inputs = [(source.tensors[a], inner.tensors[b]) for a, b in zip(source.inputs, inner.inputs, strict=True)]
        self._outputs = [
            (source.tensors[a], inner.tensors[b]) for a, b in zip(source.outputs, inner.outputs, strict=True)
        ]

    def outputs(self, case: Case) -> Sequence[Array]:
        """The outputs of one inference, as the firmware's tensors."""
        for k, ((outer, inner), value) in enumerate(zip(self._inputs, case, strict=True)):
            self._interpreter.set_input(_outward(value, outer, inner), k)
        self._interpreter.invoke()
        return [
            _inward(np.asarray(self._interpreter.get_output(k)), outer, inner)
            for k, (outer, inner) in enumerate(self._outputs)
        ]


def _outward(value: Array, outer: Tensor, inner: Tensor) -> Array:
    value = np.ascontiguousarray(value).reshape(outer.shape)
    if outer.dtype is inner.dtype:
        return value
    if outer.dtype is DType.UINT8:
        return value.view(np.uint8) ^ np.uint8(0x80)
    return (value.astype(np.float32) - np.float32(inner.zero_point)) * np.float32(inner.scale)


def _inward(value: Array, outer: Tensor, inner: Tensor) -> Array:
    value = np.ascontiguousarray(value).reshape(inner.shape)
    if outer.dtype is inner.dtype:
        return value
    if outer.dtype is DType.UINT8:
        return (value ^ np.uint8(0x80)).view(np.int8)
    return (np.round(value / np.float32(inner.scale)) + inner.zero_point).astype(np.int8)
