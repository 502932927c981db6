# SPDX-License-Identifier: Apache-2.0
"""What holds a plan's peak, and what other options would make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from edgesdk.errors import PLAN_OUTPUT, EdgeError
from edgesdk.kernels.palette import Palette
from edgesdk.measure.plan_memory import live_at, union_bytes
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.measure.results import PlanAlternative, PlanCall, PlanHolder, PlanMap, PlanPeak, PlanWait
from edgesdk.model.plan import Options, Plan
from edgesdk.plan.planner import needs_of
from edgesdk.plan.schedule import Flow

RECOMPUTE = 1.2  # the --max-recompute that is tried as an alternative


def peak_of(p: Plan, palette: Palette, maps: Sequence[PlanMap], calls: Sequence[PlanCall]) -> PlanPeak:
    """The peak's call in numbers that add up to the arena."""
    if not calls:
        return PlanPeak(call=0, need=p.peak, holders=(), shared=0, live=0, gaps=p.peak, waits=())
    rows, scratch, state = live_at(p, p.peak_call)
    holders = [
        PlanHolder("map", m.tensor, m.layer, len(rows[m.tensor]), sum(b.bytes for b in rows[m.tensor]))
        for m in maps
        if m.tensor in rows
    ]
    holders += [PlanHolder("scratch", None, i, 1, b.bytes) for i, b in scratch.items()]
    holders += [PlanHolder("state", None, i, 1, b.bytes) for i, b in state.items()]
    heads = [p.heads] if p.heads else []
    holders += [PlanHolder("heads", None, None, 1, b.bytes) for b in heads]
    live = union_bytes([*(b for found in rows.values() for b in found), *scratch.values(), *state.values(), *heads])
    need = max([step.live for step in p.steps], default=0)
    return PlanPeak(
        call=p.peak_call,
        need=min(p.peak, max(need, live if calls[p.peak_call].layer is None else 0)),
        holders=tuple(sorted(holders, key=lambda h: -h.bytes)),
        shared=sum(h.bytes for h in holders) - live,
        live=live,
        gaps=p.peak - live,
        waits=tuple(_waits(p, palette, [m for m in maps if m.tensor in rows and m.layer is not None and m.rows > 1])),
    )


def alternatives(prepared: Prepared, ram: int | None) -> tuple[PlanAlternative, ...]:
    """The model planned with each option that could lower its peak."""
    options, tensors = prepared.plan.options, prepared.plan.graph.tensors
    found: list[tuple[str, Options]] = []
    if options.input == "resident":
        found.append(("--input streamed", replace(options, input="streamed")))
    if options.output == "resident" and any(tensors[t].rows_shape[0] > 1 for t in prepared.plan.graph.outputs):
        found.append(("--output streamed", replace(options, output="streamed")))
    if options.optimize != "ram":
        found.append(("--optimize ram", replace(options, optimize="ram")))
    if options.float_io:
        found.append(("no --float-io", replace(options, float_io=False)))
    if options.max_recompute == 1 and options.optimize == "ram" and options.stream is None:
        flag = f"--max-recompute {RECOMPUTE}"
        found.append((flag, replace(options, max_recompute=RECOMPUTE)))
        if options.input == "resident":
            found.append((f"--input streamed {flag}", replace(options, input="streamed", max_recompute=RECOMPUTE)))
    plans = [(flag, _planned(prepared, o, ram)) for flag, o in found]
    return tuple(
        PlanAlternative(flag, plan.peak, plan.lower_bound, plan.recompute) for flag, plan in plans if plan is not None
    )


def _planned(prepared: Prepared, options: Options, ram: int | None) -> Plan | None:
    """The model's plan with other options; None where its output cannot be streamed."""
    try:
        return prepare(prepared.path, prepared.board, options, ram, fit=False).plan
    except EdgeError as error:
        if error.kind is PLAN_OUTPUT:
            return None
        raise


def _waits(p: Plan, palette: Palette, maps: Sequence[PlanMap]) -> list[PlanWait]:
    """Layers that read all of a map at once, or begin only when a layer before them has seen all of it, as
    squeeze-excite does."""
    if not maps or p.graph.history:
        return []
    flow = needs_of(p.graph, palette, p.options, joined=p.views).flow
    found = []
    for m in maps:
        for reader in m.readers:
            direct = max(port.high[0] for port in flow.works[reader].inputs if port.storage == m.tensor)
            if direct == m.rows:
                found.append(PlanWait(m.tensor, reader, reader))
            elif m.rows == _rows_needed(flow, reader, 1, m.tensor):
                first = [flow.ready[work.outputs[0].storage, j][0] for j, work in enumerate(flow.works[:reader])]
                whole = (j for j, rows in enumerate(first) if _rows_needed(flow, j, rows, m.tensor) == m.rows)
                reducer = next(whole, reader)
                found.append(PlanWait(m.tensor, reducer, reader))
    return found


def _rows_needed(flow: Flow, work: int, upto: int, storage: int) -> int:
    """Rows of a storage that must be there before a work has made `upto` rows."""
    made = {work: upto}
    need = 0
    for i in range(work, -1, -1):
        for port in flow.works[i].inputs if i in made else ():
            high = max(port.high[: made[i]], default=0)
            if port.storage == storage:
                need = max(need, high)
            for maker in port.makers:
                if maker >= 0 and high > 0:
                    made[maker] = max(made.get(maker, 0), flow.ready[port.storage, maker][high - 1])
    return need
