# SPDX-License-Identifier: Apache-2.0
"""What a plan will cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edgesdk.measure.results.accounts import RegionUse
from edgesdk.measure.results.model_report import TensorInfo


@dataclass(frozen=True)
class PlanPlace:
    """Bytes of the arena, live from call `first` to call `last`, both included.

    Args:
        offset: from the start of the region's arena.
        row, rows: the rows of the map that lie there, one after another; 0 and 1 for scratch and state.
    """

    region: str
    offset: int
    bytes: int
    first: int
    last: int
    row: int
    rows: int


@dataclass(frozen=True)
class PlanMap:
    """One feature map; views of its storage are no maps of their own.

    Args:
        tensor: its index; the name and the shape are of the tensor that owns the storage.
        kind: "real", "ring", or "virtual", which is never stored.
        layer: makes it; None for an input of the model.
        readers: layers that read it.
        rows_kept: the most rows that are live at once.
        places: neighbouring rows with equal lives are one place.
    """

    tensor: int
    name: str
    shape: tuple[int, ...]
    kind: str
    layer: int | None
    readers: tuple[int, ...]
    rows: int
    row_bytes: int
    rows_kept: int
    places: tuple[PlanPlace, ...]


@dataclass(frozen=True)
class PlanCall:
    """One kernel call, or the arrival of a row of a streamed input.

    Args:
        layer: None where a row arrives.
        input: position of the input that a row arrives of; None where a layer runs.
        row, rows: what it makes.
        live: bytes of the arena that a row, scratch or state holds then.
    """

    layer: int | None
    input: int | None
    row: int
    rows: int
    live: int


@dataclass(frozen=True)
class PlanHolder:
    """What holds bytes at the peak.

    Args:
        kind: "map", "scratch", "state", or "heads": where the rings begin.
        tensor: of a map.
        layer: makes the map, or owns scratch or state; None for an input of the model and for heads.
        rows: live rows of a map.
    """

    kind: str
    tensor: int | None
    layer: int | None
    rows: int
    bytes: int


@dataclass(frozen=True)
class PlanWait:
    """A map that must be whole: layer `reader` cannot begin before layer `reducer`, maybe itself, has seen all rows."""

    tensor: int
    reducer: int
    reader: int


@dataclass(frozen=True)
class PlanPeak:
    """The call at which most bytes are live: holders - shared = live, live + gaps = arena.

    Args:
        call: index into `calls`.
        need: bytes that any placement of these lives needs there.
        shared: bytes counted twice, of rows written over rows that die in this call.
        gaps: bytes of the arena that nothing holds in this call.
        waits: the maps among the holders that every plan must keep whole for a while.
    """

    call: int
    need: int
    holders: tuple[PlanHolder, ...]
    shared: int
    live: int
    gaps: int
    waits: tuple[PlanWait, ...]


@dataclass(frozen=True)
class PlanAlternative:
    """The arena, the lower bound and the multiply-accumulates (as in PlanReport) of the same model planned with another
    option."""

    option: str
    arena: int
    lower_bound: int
    recompute: float = 1.0


@dataclass(frozen=True)
class PlanLayer:
    """One operator of a plan: LayerProfile without the measurements.

    Args:
        op, name, output: `name` and `output` are of what the layer makes, the epilogue's if it has one.
        epilogue: operator that runs in this one's registers.
        segment: index into `segments`.
        band: rows that one call makes.
        scratch: live in the layer's own calls only.
        instructions_estimated, cycles_estimated: by the core's cost table (PlanEstimate); None where it has none of
            the kernel.
    """

    index: int
    op: str
    name: str
    tflite_ops: tuple[int, ...]
    output: tuple[int, ...]
    macs: int
    macs_executed: int
    ram_live: int
    kernel: str
    epilogue: str | None
    segment: int
    band: int
    scratch: PlanPlace | None
    state: PlanPlace | None
    instructions_estimated: int | None = None
    cycles_estimated: int | None = None


@dataclass(frozen=True)
class PlanRam:
    """RAM by plan: arena + runtime (edge_ctx) + the board file's reserve for stack and application = total.

    `lower_bound` is what no plan with these kernels can go below; `regions` include the reserve.
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
class PlanEstimate:
    """What an inference will take, by tables of what kernels cost on the core, measured in its emulator.

    Args:
        cycles: as if memory answered at once, by the cycle model; None where the core has none.
        error: of the table, for these layers: the medians of its own layers, weighed by instructions, as a share.
    """

    instructions: int
    cycles: int | None
    error: float


@dataclass(frozen=True)
class PlanReport:
    """What a model will cost on a board, before any compiler runs.

    Args:
        plan_crc32: the plan's identity, 8 hex digits.
        peak_layer: index of the layer at which most bytes are live (where a row arrives, the layer that runs next);
            `peak_tensors` are live there.
        recompute: multiply-accumulates that run, as a multiple of those of the graph without `moves`.
        moves: in words, what was rewritten to need less memory.
        max_recompute: what `recompute` was allowed to be.
        arenas: RAM region -> bytes of the arena in it.
        segments: layers that run interleaved, row by row; one layer: it runs as a whole.
        shortfall: "--ram", a region or "flash" -> bytes that it lacks; empty where the plan fits.
        alternatives: None unless they were asked for.
        stream: frames of a call; None: a call is a whole inference.
        history: bytes of the arena that live through all calls of a clip.
        heads: those of them that say where the rings begin.
        estimate: None where the core has no table, or it lacks one of the kernels.
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
    recompute: float
    moves: tuple[str, ...]
    ram: PlanRam
    flash: PlanFlash
    peak_layer: int
    peak_tensors: tuple[TensorInfo, ...]
    layers: tuple[PlanLayer, ...]
    arenas: Mapping[str, int]
    segments: tuple[tuple[int, ...], ...]
    maps: tuple[PlanMap, ...]
    calls: tuple[PlanCall, ...]
    peak: PlanPeak
    shortfall: Mapping[str, int]
    alternatives: tuple[PlanAlternative, ...] | None
    stream: int | None = None
    history: int = 0
    output: str = "resident"
    heads: PlanPlace | None = None
    max_recompute: float = 1.0
    estimate: PlanEstimate | None = None
