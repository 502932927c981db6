# SPDX-License-Identifier: Apache-2.0
"""The outputs that the model file itself gives, before any rewrite: a wrong rewrite shows as a difference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.measure.inputs import Case
from edgesdk.measure.prepare import Prepared
from edgesdk.model.graph import Array, DType, Tensor
from edgesdk.ops.reference import run_reference


class SourceOracle:
    """The file's graph on the operators' references. Where the firmware's boundary lies inside the file's, the file's
    inputs get the dequantized (or uint8) values, and its outputs are quantized back."""

    def __init__(self, prepared: Prepared) -> None:
        self._graph = prepared.source
        self._inputs, self._outputs = boundary(prepared)

    def outputs(self, case: Case) -> Sequence[Array]:
        """The outputs of one inference, as the firmware's tensors."""
        outer = [outward(value, a, b) for (a, b), value in zip(self._inputs, case, strict=True)]
        values = run_reference(self._graph, outer)
        return [inward(values[a.index], a, b) for a, b in self._outputs]


Pairs = Sequence[tuple[Tensor, Tensor]]


def boundary(prepared: Prepared) -> tuple[Pairs, Pairs]:
    """Inputs and outputs as pairs: the file's tensor, the firmware's."""
    outer, inner = prepared.source, prepared.clip
    return (
        [(outer.tensors[a], inner.tensors[b]) for a, b in zip(outer.inputs, inner.inputs, strict=True)],
        [(outer.tensors[a], inner.tensors[b]) for a, b in zip(outer.outputs, inner.outputs, strict=True)],
    )


def outward(value: Array, outer: Tensor, inner: Tensor) -> Array:
    """A value of the firmware's tensor as the file's: dequantized, or uint8 with the top bit flipped."""
    value = np.ascontiguousarray(value).reshape(outer.shape)
    if outer.dtype is inner.dtype:
        return value
    if outer.dtype is DType.UINT8:
        return value.view(np.uint8) ^ np.uint8(0x80)
    return (value.astype(np.float32) - np.float32(inner.zero_point)) * np.float32(inner.scale)


def inward(value: Array, outer: Tensor, inner: Tensor) -> Array:
    """A value of the file's tensor as the firmware's."""
    value = np.ascontiguousarray(value).reshape(inner.shape)
    if outer.dtype is inner.dtype:
        return value
    if outer.dtype is DType.UINT8:
        return (value ^ np.uint8(0x80)).view(np.int8)
    return (np.round(value / np.float32(inner.scale)) + inner.zero_point).astype(np.int8)
