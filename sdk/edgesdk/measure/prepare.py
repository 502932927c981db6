# SPDX-License-Identifier: Apache-2.0
"""From a model file and a board to a plan that fits it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.emit.identifiers import identifier
from edgesdk.emit.sizes import constant_bytes, context_bytes
from edgesdk.errors import PLAN_FLASH, PLAN_RAM, EdgeError
from edgesdk.measure.results import PlanFlash, PlanRam, RegionUse
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options, Plan
from edgesdk.ops.check import check_graph
from edgesdk.plan import Region, plan_graph
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
        clip: the rewritten graph.
        prefix: the C identifier of its symbols.
    """

    path: Path
    source: Graph
    plan: Plan
    clip: Graph
    board: Board
    prefix: str


def prepare(model: Path, board: Board, options: Options, ram: int | None = None, *, fit: bool = True) -> Prepared:
    """Reads, checks, rewrites and plans a model.

    Args:
        ram: bytes that the model may take of the RAM (arena and edge_ctx); None: what the board has.
        fit: whether to refuse a plan that does not fit.

    Raises:
        EdgeError: of the reader, the checks and the planner; PLAN_RAM or PLAN_FLASH where it does not fit.
    """
    source = load_model(model)
    graph = rewrite(source, options)
    clip = graph
    if options.stream is not None:
        graph = frames_of(graph, options.stream)
    check_graph(graph)
    free = _free(board)
    limit = free[0].bytes if ram is None else min(ram, free[0].bytes)
    plan = plan_graph(graph, board.families, free, options, limit)
    runtime = context_bytes(plan)
    free = _free(board, runtime)
    if options.optimize == "speed" and plan.peak + runtime > limit:
        plan = plan_graph(graph, board.families, free, options, limit - runtime)
    elif len(free) > 1 and any(plan.regions.get(r.name, 0) > r.bytes for r in free):
        plan = plan_graph(graph, board.families, free, options, limit)
    prepared = Prepared(model, source, plan, clip, board, identifier(model.name))
    if fit:
        check_fit(prepared, ram)
    return prepared


def _free(board: Board, runtime: int = 0) -> tuple[Region, ...]:
    """The regions for arenas, and what the stack's region has left for one beside the reserve and `runtime` bytes."""
    taken = {board.placement.stack: board.reserve_ram_bytes + runtime}
    return tuple(Region(name, board.ram_bytes(name) - taken.get(name, 0)) for name in board.placement.arena)


def planned_ram(prepared: Prepared) -> PlanRam:
    """Arena + edge_ctx + the board's reserve for stack and application."""
    board, plan = prepared.board, prepared.plan
    runtime = context_bytes(plan)
    used = dict(plan.regions)
    used[board.placement.stack] = used.get(board.placement.stack, 0) + runtime + board.reserve_ram_bytes
    return PlanRam(
        arena=plan.peak,
        lower_bound=plan.lower_bound,
        runtime=runtime,
        reserve=board.reserve_ram_bytes,
        total=sum(used.values()),
        regions={name: RegionUse(size, board.ram_bytes(name)) for name, size in used.items()},
    )


def planned_flash(prepared: Prepared) -> PlanFlash:
    """All of model.c + the board's reserve for code."""
    weights = constant_bytes(prepared.plan)
    reserve = prepared.board.reserve_flash_bytes
    return PlanFlash(weights=weights, reserve=reserve, total=weights + reserve, limit=prepared.board.flash_bytes)


def _peak(plan: Plan) -> str:
    step = plan.calls[plan.peak_call].step if plan.calls else -1
    if step < 0:
        return "the input holds the peak" if plan.calls else "no layer"
    return f"layer {step} ({plan.graph.nodes[plan.steps[step].node].op}) holds the peak"


def _parts(prepared: Prepared, need: PlanRam, region: str) -> str:
    """What a region holds."""
    parts = [f"arena {prepared.plan.regions.get(region, 0):,}"]
    if region == prepared.board.placement.stack:
        parts += [f"runtime {need.runtime:,}", f"stack and application {need.reserve:,}"]
    others = [f"{size:,} in {name}" for name, size in prepared.plan.regions.items() if name != region]
    return " + ".join(parts) + (f"; more of the arena: {', '.join(others)}" if others else "")


def check_fit(prepared: Prepared, ram: int | None = None) -> None:
    """Raise EdgeError PLAN_RAM or PLAN_FLASH, naming layer or region, need and limit."""
    plan, need = prepared.plan, planned_ram(prepared)
    name = printable(prepared.path.name)
    peak = _peak(plan)
    if ram is not None and need.arena + need.runtime > ram:
        raise EdgeError(
            PLAN_RAM,
            f"{name} needs {need.arena + need.runtime:,} bytes of RAM, --ram allows {ram:,}",
            where=f"{prepared.board.id}, {peak}",
            why=f"arena {need.arena:,} + runtime {need.runtime:,}",
            tries=("raise --ram", "make that layer's maps smaller"),
        )
    for region, use in need.regions.items():
        if use.used > use.limit:
            raise EdgeError(
                PLAN_RAM,
                f"{name} needs {use.used:,} bytes of region {region}, which has {use.limit:,}",
                where=f"{prepared.board.id}, {peak}",
                why=_parts(prepared, need, region),
                tries=("choose a board with more RAM: edgesdk boards", "make that layer's maps smaller"),
            )
    flash = planned_flash(prepared)
    if flash.limit is not None and flash.total > flash.limit:
        raise EdgeError(
            PLAN_FLASH,
            f"{name} needs {flash.total:,} bytes of flash, the board has {flash.limit:,}",
            where=prepared.board.id,
            why=f"weights and tables {flash.weights:,} + reserve {flash.reserve:,} for code",
            tries=("choose a board with more flash: edgesdk boards",),
        )
    place = prepared.board.region(prepared.board.placement.weights)
    if flash.weights > place.bytes:
        raise EdgeError(
            PLAN_FLASH,
            f"{name} needs {flash.weights:,} bytes of region {place.name}, which has {place.bytes:,}",
            where=prepared.board.id,
            why="weights and tables go there",
            tries=("choose a board with more flash: edgesdk boards",),
        )
