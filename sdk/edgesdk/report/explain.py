# SPDX-License-Identifier: Apache-2.0
"""In words: what holds a plan's peak, how far it is from the lower bound, and what would lower it."""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.measure.results import PlanHolder, PlanMap, PlanReport
from edgesdk.report.document import Block, Column, Table, percent, shape
from edgesdk.report.timeline import steps_label

_READERS = 4


def explanation(report: PlanReport) -> list[Block]:
    """The peak's account, which adds up to the arena, and sentences about it; nothing in them is a guess."""
    peak = report.peak
    if not peak.holders:
        return ["Nothing is in the arena."]
    return [
        f"The peak is in call {peak.call + 1:,} of {len(report.calls):,}: {_call(report)}. What is live there:",
        "",
        _account(report),
        "",
        _bound(report),
        *_causes(report),
        *_rings(report),
        "",
        *_advice(report),
    ]


def layer_name(report: PlanReport, index: int) -> str:
    """A layer for people: its number and operator."""
    return f"layer {index} ({report.layers[index].op})"


def _call(report: PlanReport) -> str:
    call = report.calls[report.peak.call]
    rows = f"row {call.row}" if call.rows == 1 else f"rows {call.row}-{call.row + call.rows - 1}"
    if call.layer is None:
        return f"{rows} of input {call.input} arrives"
    return f"{layer_name(report, call.layer)} runs {rows}"


def _account(report: PlanReport) -> Table:
    """Bytes by holder, down to the arena."""
    peak = report.peak
    maps = {m.tensor: m for m in report.maps}
    columns = (Column("bytes", right=True), Column("of arena", right=True), Column("what", limit=90))
    rows = [(h.bytes, _holder(report, h, maps)) for h in peak.holders]
    if peak.shared:
        rows.append((-peak.shared, "counted twice: rows written over rows that this call reads last"))
    rounding = min(peak.gaps, max(0, peak.need - peak.live))
    if rounding:
        rows.append((rounding, "rows begin at multiples of 4 bytes"))
    if peak.gaps > rounding:
        rows.append((peak.gaps - rounding, "gaps: held by nothing in this call"))
    arena = report.ram.arena
    cells = tuple((f"{size:,}", f"{percent(size, arena)}%", text) for size, text in rows)
    return Table(columns, cells, (f"{arena:,}", "100.0%", "arena"))


def _holder(report: PlanReport, holder: PlanHolder, maps: dict[int, PlanMap]) -> str:
    if holder.kind == "heads":
        return "where the rings begin"
    if holder.tensor is None:
        assert holder.layer is not None
        return f"{holder.kind} of {layer_name(report, holder.layer)}"
    m = maps[holder.tensor]
    origin = "input" if m.layer is None else f"output of layer {m.layer}"
    several = len(m.readers) > _READERS
    readers = ", ".join(str(r) for r in m.readers[:_READERS]) + (" and others" if several else "")
    read = f", read by layer{'s' * (len(m.readers) > 1)} {readers}" if m.readers else ", the model's output"
    rows = f"all {m.rows} rows" if holder.rows == m.rows else f"{holder.rows} of {m.rows} rows"
    return f"{origin} ({shape(m.shape)}, {m.kind}): {rows} of {m.row_bytes:,} bytes{read}"


def _bound(report: PlanReport) -> str:
    arena, bound, need = report.ram.arena, report.ram.lower_bound, report.peak.need
    if arena <= bound:
        return f"These kernels need at least {bound:,} bytes, so no plan is smaller."
    parts = []
    if need > bound:
        parts.append(f"{need - bound:,} because this order of calls needs {need:,} at its peak, wherever rows lie")
    over = max(0, report.peak.live - need)
    if over:
        parts.append(f"{over:,} because rows that it writes lie beside rows that die there and not over them")
    gaps = arena - max(need, bound) - over
    if gaps > 0:
        cause = "rows of different sizes and lives leave gaps between them"
        if len(report.arenas) > 1:
            cause = "every region must hold its own worst call, and " + cause
        parts.append(f"{gaps:,} because {cause}")
    above = arena - bound
    return (
        f"These kernels need at least {bound:,} bytes. This plan is {above:,} bytes "
        f"({percent(above, bound)}%) above that: {'; '.join(parts)}."
    )


def _causes(report: PlanReport) -> list[Block]:
    """Why maps stay that long."""
    found: list[Block] = []
    maps = {m.tensor: m for m in report.maps}
    for wait in report.peak.waits:
        m = maps[wait.tensor]
        reducer, reader = layer_name(report, wait.reducer), layer_name(report, wait.reader)
        cause = f"{reader} cannot begin before {reducer} has seen them all"
        if wait.reducer == wait.reader:
            cause = f"{reader} reads them all at once"
        found.append(
            f"All rows of layer {m.layer}'s output must be there together, {m.rows * m.row_bytes:,} bytes, in every "
            f"plan: {cause}."
        )
    return found


def _rings(report: PlanReport) -> list[Block]:
    """What a network over time keeps between its calls."""
    if not report.history:
        return []
    return [
        f"{report.history:,} bytes of the arena are rings that live through all calls: rows of earlier frames that "
        "later ones read, and where each ring begins."
    ]


def _advice(report: PlanReport) -> list[Block]:
    """Options that were planned, and how much a change of the model could gain."""
    arena = report.ram.arena
    lines: list[Block] = []
    for other in report.alternatives or ():
        change = arena - other.arena
        effect = f"{change:,} less" if change > 0 else f"{-change:,} more" if change < 0 else "the same"
        cost = f", {other.recompute:.3f} times the multiply-accumulates" if other.recompute > 1 else ""
        lines.append(f"With {other.option}: {other.arena:,} bytes, {effect}{cost} (lower bound {other.lower_bound:,}).")
    held = sum(h.bytes for h in report.peak.holders if h.tensor is not None and h.layer is None)
    if held:
        lines.append(f"The input itself holds {percent(held, arena)}% of the arena at the peak.")
    lines += _next_peak(report)
    return lines


def _next_peak(report: PlanReport) -> list[Block]:
    """Needs of the other segments: below that, work on the peak's segment alone gains nothing."""
    most: dict[int, int] = {}
    for layer in report.layers:
        most[layer.segment] = max(most.get(layer.segment, 0), layer.ram_live)
    if len(most) < 2:
        return []
    held = report.layers[report.peak_layer].segment
    second = max((k for k in most if k != held), key=lambda k: most[k])
    gain = max(0, report.ram.arena - most[second])
    return [
        f"The peak is in {_layers(report.segments[held])}; the next highest, {_layers(report.segments[second])}, needs "
        f"{most[second]:,} bytes: smaller maps in the former alone gain at most {gain:,}."
    ]


def _layers(steps: Sequence[int]) -> str:
    return f"layer{'s' * (len(steps) > 1)} {steps_label(steps)}"
