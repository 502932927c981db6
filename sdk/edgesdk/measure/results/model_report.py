# SPDX-License-Identifier: Apache-2.0
"""What a model file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TensorInfo:
    """A tensor, as people ask about it; scale and zero point are None where it has not one of each."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    scale: float | None
    zero_point: int | None


@dataclass(frozen=True)
class InspectLayer:
    """One operator of the file. `weights` is bytes of its constant inputs."""

    index: int
    op: str
    name: str
    output: tuple[int, ...]
    dtype: str
    macs: int
    weights: int


@dataclass(frozen=True)
class InspectReport:
    """What is in a model file.

    Args:
        bytes, crc32: of the file; the CRC as 8 hex digits.
        operators: operator name -> how many of them.
        weights: bytes of all constant tensors that an operator reads.
        macs: multiply-accumulates of one inference.
    """

    model: str
    bytes: int
    crc32: str
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    operators: Mapping[str, int]
    weights: int
    macs: int
    layers: tuple[InspectLayer, ...]
