# SPDX-License-Identifier: Apache-2.0
"""From model files and a board to plans that fit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.emit.identifiers import identifier
from edgesdk.emit.sizes import constant_bytes, context_bytes
from edgesdk.errors import PLAN_FLASH, PLAN_RAM, USAGE, EdgeError
from edgesdk.kernels.palette import Palette, palette_of
from edgesdk.measure.plan_memory import live_at
from edgesdk.measure.results import PlanFlash, PlanRam, RegionUse
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options, Plan
from edgesdk.ops.check import check_graph
from edgesdk.plan import Region, plan_graph, smallest
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from edgesdk.rewrite.stream import frames_of
from edgesdk.text import printable


@dataclass(frozen=True)
class Prepared:
    """A model planned for a board.

    Args:
        source: the graph as the file has it.
        plan: of the rewritten graph, or of its next few frames.
        clip: the graph that runs, moves included; of a network over time: of the whole clip.
        prefix: the C identifier of its symbols.
        palette: the kernels that the plan chose from.
    """

    path: Path
    source: Graph
    plan: Plan
    clip: Graph
    board: Board
    prefix: str
    palette: Palette


def prepare(model: Path, board: Board, options: Options, ram: int | None = None, *, fit: bool = True) -> Prepared:
    """Reads, checks, rewrites and plans a model.

    Args:
        ram: bytes that the model may take of the RAM (arena and edge_ctx); None: what the board has.
        fit: whether to refuse a plan that does not fit.

    Raises:
        EdgeError: of the reader, the checks and the planner; PLAN_RAM or PLAN_FLASH where it does not fit.
    """
    source = load_model(model)
    clip = rewrite(source, options)
    graph = clip if options.stream is None else frames_of(clip, options.stream)
    check_graph(graph)
    free = _free(board)
    limit = free[0].bytes if ram is None else min(ram, free[0].bytes)
    palette = palette_of(*board.families, core=board.core)
    if options.optimize == "size":
        palette = smallest(graph, palette)
    plan = plan_graph(graph, palette, free, options, limit)
    runtime = context_bytes(plan)
    free = _free(board, runtime)
    spills = len(free) > 1 and any(plan.regions.get(r.name, 0) > r.bytes for r in free)
    if spills or (options.optimize == "speed" and plan.peak + runtime > limit):  # with the runtime it is too much
        plan = plan_graph(graph, palette, free, options, limit - runtime)
    clip = plan.graph if options.stream is None else clip
    prepared = Prepared(model, source, plan, clip, board, identifier(model.name), palette)
    if fit:
        check_fit(prepared, ram=ram)
    return prepared


def prepare_all(models: Sequence[Path], board: Board, options: Options, ram: int | None = None) -> tuple[Prepared, ...]:
    """Models of one firmware. They run one after another, so they share the arena: only the largest counts.

    Raises:
        EdgeError: as `prepare` does, for each and for all of them together; USAGE where two have the same name.
    """
    named: dict[str, Path] = {}
    for model in models:
        other = named.setdefault(identifier(model.name), model)
        if other is not model:
            raise EdgeError(
                USAGE,
                f"two models would be called {identifier(model.name)} on the board",
                why=f"{printable(str(other))} and {printable(str(model))}",
                tries=("rename one of the files",),
            )
    prepared = tuple(prepare(model, board, options, ram) for model in models)
    check_fit(*prepared, ram=ram)
    return prepared


def _free(board: Board, runtime: int = 0) -> tuple[Region, ...]:
    """The regions for arenas, and what the stack's region has left for one beside the reserve and `runtime` bytes."""
    taken = {board.placement.stack: board.reserve_ram_bytes + runtime}
    return tuple(Region(name, board.ram_bytes(name) - taken.get(name, 0)) for name in board.placement.arena)


def _arenas(models: Sequence[Prepared]) -> dict[str, int]:
    """Bytes of each region that hold the arena which the models share."""
    return {name: max(m.plan.regions.get(name, 0) for m in models) for m in models for name in m.plan.regions}


def planned_ram(*models: Prepared) -> PlanRam:
    """The largest arena + every edge_ctx + the board's reserve for stack and application."""
    board = models[0].board
    runtime = sum(context_bytes(m.plan) for m in models)
    used = _arenas(models)
    arena = sum(used.values())
    used[board.placement.stack] = used.get(board.placement.stack, 0) + runtime + board.reserve_ram_bytes
    return PlanRam(
        arena=arena,
        lower_bound=max(m.plan.lower_bound for m in models),
        runtime=runtime,
        reserve=board.reserve_ram_bytes,
        total=sum(used.values()),
        regions={name: RegionUse(size, board.ram_bytes(name)) for name, size in used.items()},
    )


def planned_flash(*models: Prepared) -> PlanFlash:
    """All of every model.c + the board's reserve for code."""
    board = models[0].board
    weights = sum(constant_bytes(m.plan) for m in models)
    reserve = board.reserve_flash_bytes
    return PlanFlash(weights=weights, reserve=reserve, total=weights + reserve, limit=board.flash_bytes)


def _peak(models: Sequence[Prepared]) -> str:
    largest = max(models, key=lambda m: m.plan.peak)
    plan = largest.plan
    of = f"{printable(largest.path.name)}: " if len(models) > 1 else ""
    step = plan.calls[plan.peak_call].step if plan.calls else -1
    if step < 0:
        return of + ("the input holds the peak" if plan.calls else "no layer")
    return f"{of}layer {step} ({plan.graph.nodes[plan.steps[step].node].op}) holds the peak"


def _parts(board: Board, need: PlanRam, arenas: Mapping[str, int], region: str) -> str:
    """What a region holds."""
    parts = [f"arena {arenas.get(region, 0):,}"]
    if region == board.placement.stack:
        parts += [f"runtime {need.runtime:,}", f"stack and application {need.reserve:,}"]
    others = [f"{size:,} in {name}" for name, size in arenas.items() if name != region]
    return " + ".join(parts) + (f"; more of the arena: {', '.join(others)}" if others else "")


def _tries(models: Sequence[Prepared], first: str) -> tuple[str, ...]:
    """What would help a model that needs too much RAM; `first`, if nothing better."""
    largest = max(models, key=lambda m: m.plan.peak)
    plan, options = largest.plan, largest.plan.options
    rows = live_at(plan, plan.peak_call)[0] if plan.calls else {}
    streams = [
        f"let the rows of the {side} {way} one by one: --{side} streamed"
        for side, way, how, tensors in (
            ("input", "come", options.input, plan.graph.inputs),
            ("output", "leave", options.output, plan.graph.outputs),
        )
        if how == "resident" and any(plan.maps[t].rows > 1 and plan.maps[t].storage in rows for t in tensors)
    ]
    again = "compute some of it twice where that lowers the peak: --max-recompute 1.2"
    lower = streams[:1] or [again] * (options.optimize == "ram" and options.max_recompute == 1 and not options.stream)
    return *lower, first, "see what holds the peak: edgesdk plan --explain"


def check_fit(*models: Prepared, ram: int | None = None) -> None:
    """Raise EdgeError PLAN_RAM or PLAN_FLASH, naming layer or region, need and limit."""
    board, need = models[0].board, planned_ram(*models)
    arenas = _arenas(models)
    name = " and ".join(printable(m.path.name) for m in models)
    needs = "needs" if len(models) == 1 else "need"
    peak = _peak(models)
    if ram is not None and need.arena + need.runtime > ram:
        raise EdgeError(
            PLAN_RAM,
            f"{name} {needs} {need.arena + need.runtime:,} bytes of RAM, --ram allows {ram:,}",
            where=f"{board.id}, {peak}",
            why=f"arena {need.arena:,} + runtime {need.runtime:,}",
            tries=_tries(models, "raise --ram"),
        )
    for region, use in need.regions.items():
        if use.used > use.limit:
            raise EdgeError(
                PLAN_RAM,
                f"{name} {needs} {use.used:,} bytes of {region}, {board.id} has {use.limit:,}",
                where=peak,
                why=_parts(board, need, arenas, region),
                tries=_tries(models, "choose a board with more RAM: edgesdk boards"),
            )
    flash = planned_flash(*models)
    if flash.limit is not None and flash.total > flash.limit:
        raise EdgeError(
            PLAN_FLASH,
            f"{name} {needs} {flash.total:,} bytes of flash, the board has {flash.limit:,}",
            where=board.id,
            why=f"weights and tables {flash.weights:,} + reserve {flash.reserve:,} for code",
            tries=("choose a board with more flash: edgesdk boards",),
        )
    place = board.region(board.placement.weights)
    if flash.weights > place.bytes:
        raise EdgeError(
            PLAN_FLASH,
            f"{name} {needs} {flash.weights:,} bytes of region {place.name}, which has {place.bytes:,}",
            where=board.id,
            why="weights and tables go there",
            tries=("choose a board with more flash: edgesdk boards",),
        )
