# SPDX-License-Identifier: Apache-2.0
"""A plan as a picture, a table of layers, and what the memory needs."""

from __future__ import annotations

from functools import partial

from edgesdk.measure.results import PlanEstimate, PlanLayer, PlanMap, PlanReport
from edgesdk.report.document import Bar, Block, Column, Document, Drawing, Facts, Table, count, percent, shape
from edgesdk.report.explain import explanation, layer_name
from edgesdk.report.timeline import map_label, steps_label
from edgesdk.report.timeline_terminal import draw

_NAME = 28
_SEGMENTS = 12


def render_plan(report: PlanReport) -> Document:
    """The layers with the maps they make and the bytes live at each, the arena over time, the peak beside its lower
    bound; in words too where alternatives were planned."""
    ram, flash = report.ram, report.flash
    above = ram.arena - ram.lower_bound
    options = f"optimize {report.optimize}, input {report.input}, output {report.output}"
    facts = [
        ("model", f"{report.model} on {report.board}: {options}"),
        ("segments", _segments(report)),
        *(("move", move) for move in report.moves),
        *([("recompute", _recompute(report))] if report.max_recompute > 1 else []),
        *([("work", _removed(report))] if report.macs_executed < report.macs else []),
        (
            "arena",
            f"{ram.arena:,} bytes; "
            + (
                f"this order of calls needs at least {report.peak.need:,}"
                if report.moves
                else f"these kernels need at least {ram.lower_bound:,}"
                + (f" (+{percent(above, ram.lower_bound)}%)" if above and ram.lower_bound else "")
            ),
        ),
        *([("time", _time(report.estimate))] if report.estimate else []),
        *([("regions", _regions(report))] if len(report.arenas) > 1 else []),
        ("peak", _peak(report)),
        ("RAM", f"arena {ram.arena:,} + runtime {ram.runtime:,} + reserve {ram.reserve:,} = {ram.total:,} bytes"),
        ("flash", f"weights about {flash.weights:,} + reserve {flash.reserve:,} = {flash.total:,} bytes"),
    ]
    if report.stream is not None:
        facts.append(("stream", f"{report.stream} frames a call; {report.history:,} bytes live through all calls"))
    facts += [("does not fit", f"{name}: {lack:,} bytes too many") for name, lack in report.shortfall.items()]
    bars: list[Block] = [Bar(region, use.used, use.limit) for region, use in ram.regions.items()]
    if flash.limit is not None:
        bars.append(Bar("flash", flash.total, flash.limit))
    pictures: list[Block] = []
    for region, arena in report.arenas.items():
        title = [f"region {region}:"] if len(report.arenas) > 1 else []
        pictures += [*title, Drawing(partial(draw, report, region, arena)), ""]
    words = [] if report.alternatives is None else ["", *explanation(report)]
    return [_table(report), "", *pictures, Facts(tuple(facts)), *bars, *words]


def _recompute(report: PlanReport) -> str:
    if report.moves:
        return f"{report.recompute:g} times the multiply-accumulates"
    return f"none: nothing that {report.max_recompute:g} times the multiply-accumulates allow needs less"


def _removed(report: PlanReport) -> str:
    """What rewriting left of the model's work."""
    return (
        f"{report.macs_executed:,} of the model's {report.macs:,} multiply-accumulates; channels that are constant or "
        "that nothing reads are gone"
    )


def _time(estimate: PlanEstimate) -> str:
    cycles = "" if estimate.cycles is None else f", {estimate.cycles:,} cycles where memory does not wait"
    return f"about {estimate.instructions:,} instructions (table of kernels, ±{estimate.error:.0%} a layer){cycles}"


def _regions(report: PlanReport) -> str:
    """Bytes of the arena by region, fastest first."""
    return ", ".join(f"{size:,} bytes in {region}" for region, size in report.arenas.items())


def _table(report: PlanReport) -> Table:
    """A line for every input and every layer."""
    several = len(report.arenas) > 1
    columns = (
        Column("#", right=True),
        Column("seg", right=True, drop=4),
        Column("op"),
        Column("name", limit=_NAME, drop=5),
        Column("output", drop=2),
        Column("map"),
        *([Column("region")] if several else []),
        Column("rows kept", right=True),
        Column("MACs", right=True, drop=1),
        *([Column("instr. est.", right=True, drop=6)] if report.estimate else []),
        Column("RAM live", right=True),
        Column("kernel", drop=3),
    )
    blank = [""] * (report.estimate is not None)
    rows: list[tuple[str, ...]] = [
        ("in", "", "", m.name, shape(m.shape), m.kind, *_where([m], several), _kept(m), "", *blank, "", "")
        for m in report.maps
        if m.layer is None
    ]
    made: dict[int, list[PlanMap]] = {}
    for m in report.maps:
        if m.layer is not None and m.kind != "virtual":
            made.setdefault(m.layer, []).append(m)
    rows += [_row(layer, made.get(layer.index, []), report) for layer in report.layers]
    estimate = [count(report.estimate.instructions)] if report.estimate else []
    sums = (count(report.macs_executed), *estimate, count(report.ram.arena))
    total = ("", "", "total", "", "", "", *[""] * several, "", *sums, "")
    return Table(columns, tuple(rows), total)


def _row(layer: PlanLayer, made: list[PlanMap], report: PlanReport) -> tuple[str, ...]:
    op = layer.op if layer.epilogue is None else f"{layer.op} > {layer.epilogue}"
    kinds = ("virtual > " if layer.epilogue else "") + ", ".join(dict.fromkeys(m.kind for m in made))
    return (
        str(layer.index),
        str(layer.segment),
        op,
        layer.name,
        shape(layer.output),
        kinds,
        *_where(made, len(report.arenas) > 1),
        ", ".join(dict.fromkeys(_kept(m) for m in made)),
        count(layer.macs_executed),
        *([count(layer.instructions_estimated or 0)] if report.estimate else []),
        count(layer.ram_live),
        layer.kernel,
    )


def _where(made: list[PlanMap], several: bool) -> list[str]:
    """The regions of some maps, where the arena has several."""
    return [", ".join(dict.fromkeys(p.region for m in made for p in m.places))] if several else []


def _kept(m: PlanMap) -> str:
    return f"{m.rows_kept} of {m.rows}"


def _segments(report: PlanReport) -> str:
    """Which layers run interleaved."""
    several = [steps for steps in report.segments if len(steps) > 1]
    singles = len(report.segments) - len(several)
    shown = ", ".join(steps_label(steps) for steps in several[:_SEGMENTS])
    more = f" and {len(several) - _SEGMENTS} more" if len(several) > _SEGMENTS else ""
    alone = f"{singles} layer{'s' * (singles != 1)} alone"
    return f"row by row: layers {shown}{more}; {alone}" if several else f"{alone}, none row by row"


def _peak(report: PlanReport) -> str:
    """The layer and what is live there, maps by the numbers of their layers."""
    labels = {m.tensor: map_label(report, m) for m in report.maps}
    held = []
    for h in report.peak.holders:
        what = h.kind if h.layer is None else f"{h.kind} of {h.layer}"
        what = what if h.tensor is None else f"map {labels[h.tensor]}"
        held.append(f"{what}: {h.bytes:,}")
    layer = layer_name(report, report.peak_layer) if report.layers else "no layer"
    shared = f"; {report.peak.shared:,} of them twice, rows on rows that die" if report.peak.shared else ""
    return f"{layer}: {', '.join(held)}{shared}"
