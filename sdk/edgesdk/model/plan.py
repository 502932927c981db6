# SPDX-License-Identifier: Apache-2.0
"""Plan: how a graph runs on a board. Made by `plan`, read by `emit`, `report` and `measure`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from edgesdk.model.graph import Graph


class MapKind(Enum):
    """Where a feature map lives."""

    REAL = "real"  # all its rows stay in the arena
    RING = "ring"  # only the last `slots` rows stay
    VIRTUAL = "virtual"  # never stored: its consumer is its producer's epilogue
    CONSTANT = "constant"  # in flash


@dataclass(frozen=True)
class Buffer:
    """Bytes in one RAM region of the arena, and the steps (inclusive) between which they are live."""

    region: str
    offset: int
    bytes: int
    first: int
    last: int


@dataclass(frozen=True)
class MapPlan:
    """One tensor as rows in memory.

    Args:
        tensor: its index in the graph.
        rows, row_bytes: its shape as a map; a row is width * pitch bytes.
        slots: rows kept (rows for a real map); row y lives in slot y mod slots.
        pitch: bytes from one pixel to the next; above the channels' bytes for views.
        buffer: its place; shared by all maps of one storage (views), None for constants and virtual maps.
    """

    tensor: int
    kind: MapKind
    rows: int
    row_bytes: int
    slots: int
    pitch: int
    buffer: Buffer | None


@dataclass(frozen=True)
class Step:
    """One operator of the plan, as one entry of the firmware's operator table.

    Args:
        node: index into graph.nodes.
        kernel: the C symbol.
        band: operator rows one call makes.
        scratch, state: their places, None where the kernel needs none.
        live: arena bytes live while it runs.
    """

    node: int
    kernel: str
    band: int
    scratch: Buffer | None
    state: Buffer | None
    live: int


@dataclass(frozen=True)
class Segment:
    """Steps (indices) that run interleaved, row by row. One step: layer by layer."""

    steps: tuple[int, ...]


@dataclass(frozen=True)
class Turn:
    """One entry of the flat schedule: step `step` makes its operator rows [row, row + rows), band by band."""

    step: int
    row: int
    rows: int


@dataclass(frozen=True)
class Options:
    """What the user chose; part of the plan's identity."""

    optimize: str = "ram"
    input: str = "resident"
    float_io: bool = False


@dataclass(frozen=True, eq=False)
class Plan:
    """The whole plan.

    Args:
        graph: the rewritten graph that it runs.
        families: kernel families tried, best first.
        maps: by tensor index.
        regions: RAM region -> arena bytes in it.
        peak: the sum of the regions' bytes: `ram.arena`.
        lower_bound: bytes that no placement of these lifetimes can go below.
        peak_step: the step at which most bytes are live.
        crc32: of everything that shapes the firmware (graph, options, steps, places, SDK version).
    """

    graph: Graph
    options: Options
    families: tuple[str, ...]
    segments: tuple[Segment, ...]
    steps: tuple[Step, ...]
    maps: Mapping[int, MapPlan]
    schedule: tuple[Turn, ...]
    regions: Mapping[str, int]
    peak: int
    lower_bound: int
    peak_step: int
    crc32: int
