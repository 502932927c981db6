# SPDX-License-Identifier: Apache-2.0
"""Plan: how a graph runs on a board. Made by `plan`, read by `emit`, `report` and `measure`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from edgesdk.model.graph import Graph

ARRIVAL = 0xFF00  # EDGE_ARRIVAL of edge/model.h: operator indices end below it


class MapKind(Enum):
    """Where a feature map lives."""

    REAL = "real"  # there is a moment at which all its rows are in the arena
    RING = "ring"  # only the rows that a consumer still needs stay
    VIRTUAL = "virtual"  # never stored: its consumer is its producer's epilogue
    CONSTANT = "constant"  # in flash


@dataclass(frozen=True)
class Buffer:
    """Bytes in one RAM region of the arena, and the calls (inclusive) between which they are live."""

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
        storage: the tensor whose bytes it shares; itself unless it is a view.
        rows, row_bytes: its shape as a map.
        pitch: bytes from one pixel to the next; above the channels' bytes where it is part of a wider map.
        at: bytes from the beginning of a row of the storage to its first pixel.
        places: where each row lies and when it is live; empty for constants and virtual maps. Rows that are never
            live together may share bytes, and views of one storage share all.
        history: rows above the first that stay from the calls before. Then the map lies in a ring that lives through
            all calls, `places` are its slots, and row y lies in slot (head + y) mod slots.
    """

    tensor: int
    storage: int
    kind: MapKind
    rows: int
    row_bytes: int
    pitch: int
    at: int
    places: tuple[Buffer, ...]
    history: int = 0

    @property
    def stride(self) -> int | None:
        """Bytes from each row to the next where that is one number, else None."""
        steps = {b.offset - a.offset for a, b in pairwise(self.places)} or {self.row_bytes}
        return steps.pop() if len(steps) == 1 and min(steps) >= 0 else None


@dataclass(frozen=True)
class Step:
    """One operator of the plan, as one entry of the firmware's operator table.

    Args:
        node: index into graph.nodes.
        epilogue: index of the node that runs in this one's registers; the step then makes that node's output.
        kernel: the C symbol.
        band: operator rows one call makes.
        scratch, state: their places, None where the kernel needs none.
        live: the most arena bytes live while it runs.
    """

    node: int
    epilogue: int | None
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
    """One entry of the schedule: step `step` makes its operator rows [row, row + rows), band by band.

    A negative step is the arrival of rows of a streamed input: -1 of the first, -2 of the second; behind the inputs,
    of those that come again (Graph.again).
    """

    step: int
    row: int
    rows: int

    @property
    def input(self) -> int | None:
        """The position, among inputs and then inputs again, of what arrives; None for an operator's turn."""
        return -1 - self.step if self.step < 0 else None


@dataclass(frozen=True)
class Options:
    """What the user chose; part of the plan's identity.

    Args:
        input: "resident" or "streamed".
        stream: frames of a clip that one call takes; None: a call is a whole inference.
        max_recompute: the most multiply-accumulates that may run, as a multiple of the graph's.
    """

    optimize: str = "ram"
    input: str = "resident"
    float_io: bool = False
    stream: int | None = None
    max_recompute: float = 1.0
    output: str = "resident"

    @property
    def repeats(self) -> bool:
        """Whether a streamed input's rows may be asked for again: strips read them once each."""
        return self.input == "streamed" and self.max_recompute > 1.0


@dataclass(frozen=True, eq=False)
class Plan:
    """The whole plan.

    Args:
        graph: the rewritten graph that it runs.
        views: nodes that do not run because their inputs or outputs are parts of one another in memory.
        leaving: streamed outputs: their rows go to a sink as they are made, and are not kept for the application.
        maps: by tensor index.
        schedule: what the firmware runs, in order.
        calls: the schedule one kernel call (band) or one arriving row at a time; Buffer.first and last count these.
        regions: RAM region -> arena bytes in it.
        peak: the sum of the regions' bytes: `ram.arena`.
        lower_bound: bytes that no plan with these kernels can go below, whatever its cuts, bands, order of calls and
            addresses.
        peak_call: the call at which most bytes are live.
        heads: where the heads of the rings lie, two bytes each; None where no map has a history.
        moves: in words, what was rewritten to need less memory.
        recompute: multiply-accumulates that run, as a multiple of those of the graph before the moves.
        crc32: of everything that shapes the firmware (graph, options, steps, places, SDK version).
    """

    graph: Graph
    options: Options
    segments: tuple[Segment, ...]
    views: frozenset[int]
    leaving: frozenset[int]
    steps: tuple[Step, ...]
    maps: Mapping[int, MapPlan]
    schedule: tuple[Turn, ...]
    calls: tuple[Turn, ...]
    regions: Mapping[str, int]
    peak: int
    lower_bound: int
    peak_call: int
    crc32: int
    heads: Buffer | None = None
    moves: tuple[str, ...] = ()
    recompute: float = 1.0

    @property
    def stored(self) -> tuple[int, ...]:
        """The maps that the firmware has a table entry for, in its order: all but the virtual ones."""
        return tuple(t for t, m in self.maps.items() if m.kind is not MapKind.VIRTUAL)

    @property
    def rings(self) -> tuple[int, ...]:
        """The maps with a history, in the order of their heads."""
        return tuple(t for t, m in self.maps.items() if m.history > 0)
