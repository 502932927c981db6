# SPDX-License-Identifier: Apache-2.0
"""A plan's arena as people ask about it: which bytes hold what, call by call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from edgesdk.measure.results import PlanCall, PlanMap, PlanPlace
from edgesdk.model.plan import Buffer, MapKind, Plan


def maps_of(p: Plan) -> tuple[PlanMap, ...]:
    """The model's inputs, then what the layers make, each storage once; constants are in flash and left out."""
    graph = p.graph
    makers: dict[int, int] = {}
    readers: dict[int, list[int]] = {}
    for index, step in enumerate(p.steps):
        for node in [graph.nodes[i] for i in (step.node, step.epilogue) if i is not None]:
            for t in node.outputs:
                makers[p.maps[t].storage] = index
            for m in (p.maps[t] for t in node.inputs if t in p.maps):
                if m.kind in (MapKind.REAL, MapKind.RING):
                    readers.setdefault(m.storage, []).append(index)
    maps = []
    for t, m in p.maps.items():
        if m.kind is MapKind.CONSTANT or m.storage != t:
            continue
        tensor, places = graph.tensors[t], _merged(m.places)
        maps.append(
            PlanMap(
                tensor=t,
                name=tensor.name,
                shape=tensor.shape,
                kind=m.kind.value,
                layer=makers.get(t),
                readers=tuple(dict.fromkeys(readers.get(t, ()))),
                rows=m.rows,
                row_bytes=m.row_bytes,
                rows_kept=_most_rows(places),
                places=places,
            )
        )
    return tuple(sorted(maps, key=lambda m: -1 if m.layer is None else m.layer))


def calls_of(p: Plan) -> tuple[PlanCall, ...]:
    """Every call with the bytes live in it."""
    live = _live_bytes(p)
    arriving = [*range(len(p.graph.inputs)), *map(p.graph.inputs.index, p.graph.again.values())]
    return tuple(
        PlanCall(
            turn.step if turn.step >= 0 else None,
            None if turn.input is None else arriving[turn.input],
            turn.row,
            turn.rows,
            live[e],
        )
        for e, turn in enumerate(p.calls)
    )


def live_at(p: Plan, call: int) -> tuple[Mapping[int, Sequence[Buffer]], Mapping[int, Buffer], Mapping[int, Buffer]]:
    """What is live in a call: rows by the storage's tensor, scratch and state by step."""
    rows = {t: [b for b in m.places if b.first <= call <= b.last] for t, m in p.maps.items() if m.storage == t}
    running = p.calls[call].step
    scratch = {i: s.scratch for i, s in enumerate(p.steps) if s.scratch is not None and i == running}
    state = {i: s.state for i, s in enumerate(p.steps) if s.state is not None and s.state.first <= call <= s.state.last}
    return {t: found for t, found in rows.items() if found}, scratch, state


def place_of(buffer: Buffer) -> PlanPlace:
    """Scratch or state as a place."""
    return PlanPlace(buffer.region, buffer.offset, buffer.bytes, buffer.first, buffer.last, row=0, rows=1)


def union_bytes(buffers: Iterable[Buffer]) -> int:
    """Bytes that at least one of the buffers holds."""
    total = 0
    region, end = "", 0
    for b in sorted(buffers, key=lambda b: (b.region, b.offset)):
        if b.region != region:
            region, end = b.region, 0
        total += max(0, b.offset + b.bytes - max(end, b.offset))
        end = max(end, b.offset + b.bytes)
    return total


def _live_bytes(p: Plan) -> list[int]:
    lasting = [b for t, m in p.maps.items() if m.storage == t for b in m.places]
    lasting += [s.state for s in p.steps if s.state is not None]
    lasting += [p.heads] if p.heads else []
    begins: dict[int, list[Buffer]] = {}
    ends: dict[int, list[Buffer]] = {}
    for b in lasting:
        if b.first <= b.last:
            begins.setdefault(b.first, []).append(b)
            ends.setdefault(b.last, []).append(b)
    found = []
    live: dict[int, Buffer] = {}  # by identity: equal buffers of two maps end at their own time
    for e, turn in enumerate(p.calls):
        live |= {id(b): b for b in begins.get(e, ())}
        scratch = p.steps[turn.step].scratch if turn.step >= 0 else None
        found.append(union_bytes([*live.values(), *([scratch] if scratch else [])]))
        for b in ends.get(e, ()):
            del live[id(b)]
    return found


def _merged(rows: Sequence[Buffer]) -> tuple[PlanPlace, ...]:
    found: list[PlanPlace] = []
    for y, b in enumerate(rows):
        if b.first > b.last:
            continue  # a row that is never made
        a = found[-1] if found else None
        here = (b.region, b.offset, b.first, b.last, y)
        if a is not None and (a.region, a.offset + a.bytes, a.first, a.last, a.row + a.rows) == here:
            found[-1] = PlanPlace(a.region, a.offset, a.bytes + b.bytes, a.first, a.last, a.row, a.rows + 1)
        else:
            found.append(PlanPlace(b.region, b.offset, b.bytes, b.first, b.last, y, 1))
    return tuple(found)


def _most_rows(places: Sequence[PlanPlace]) -> int:
    changes = sorted([(p.first, p.rows) for p in places] + [(p.last + 1, -p.rows) for p in places])
    most = rows = 0
    for _, change in changes:  # of one call, rows go before rows come
        rows += change
        most = max(most, rows)
    return most
