# SPDX-License-Identifier: Apache-2.0
"""What a plan will cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edgesdk.measure.results.accounts import RegionUse
from edgesdk.measure.results.model_report import TensorInfo


@dataclass(frozen=True)
class PlanLayer:
    """One operator of a plan: LayerProfile without the measurements."""

    index: int
    op: str
    name: str
    tflite_ops: tuple[int, ...]
    output: tuple[int, ...]
    macs: int
    macs_executed: int
    ram_live: int
    kernel: str


@dataclass(frozen=True)
class PlanRam:
    """RAM by plan: arena + runtime (edge_ctx) + the board file's reserve for stack and application = total.

    `lower_bound` is what no placement of these lifetimes can go below; `regions` include the reserve.
    """

    arena: int
    lower_bound: int
    runtime: int
    reserve: int
    total: int
    regions: Mapping[str, RegionUse]


@dataclass(frozen=True)
class PlanFlash:
    """Flash by plan: weights + the board file's reserve for code = total."""

    weights: int
    reserve: int
    total: int
    limit: int | None


@dataclass(frozen=True)
class PlanReport:
    """What a model will cost on a board, before any compiler runs.

    Args:
        plan_crc32: the plan's identity, 8 hex digits.
        peak_layer: index of the layer at which most bytes are live; `peak_tensors` are live there.
    """

    board: str
    model: str
    optimize: str
    input: str
    float_io: bool
    model_crc32: str
    plan_crc32: str
    macs: int
    macs_executed: int
    ram: PlanRam
    flash: PlanFlash
    peak_layer: int
    peak_tensors: tuple[TensorInfo, ...]
    layers: tuple[PlanLayer, ...]
