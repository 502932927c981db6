# SPDX-License-Identifier: Apache-2.0
"""A placed plan as the Plan that emit, report and measure read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from edgesdk.errors import PLAN_LIMIT, EdgeError
from edgesdk.model.graph import Graph, Tensor
from edgesdk.model.plan import Buffer, MapKind, MapPlan, Options, Plan, Segment, Step
from edgesdk.ops import find_operator
from edgesdk.plan.candidate import Candidate, Held, rects_of
from edgesdk.plan.identity import with_crc
from edgesdk.plan.limits import UINT8_MAX, check_map
from edgesdk.plan.lives import HEAD_BYTES, Needs
from edgesdk.plan.place import aligned
from edgesdk.plan.schedule import merged
from edgesdk.plan.storage import map_shape
from edgesdk.plan.views import View


def assemble(
    graph: Graph,
    options: Options,
    regions: Sequence[str],
    needs: Needs,
    best: Candidate,
    bound: int,
) -> Plan:
    flow = needs.flow
    live = best.lives.live or [best.bytes]
    by_step: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    for e, call in enumerate(best.calls):
        by_step[call.step] = max(by_step.get(call.step, 0), live[e])
        spans[call.step] = (spans.get(call.step, (e, e))[0], e)
    peak = max(live)

    def buffer(held: Held, address: int | None, size: int, first: int, last: int) -> Buffer | None:
        region = regions[best.elsewhere.get(held, 0)]
        return None if address is None else Buffer(region, address, aligned(size), first, last)

    steps = tuple(
        Step(
            node=w.node,
            epilogue=w.epilogue,
            kernel=w.kernel.symbol,
            band=best.bands[i],
            scratch=buffer(("scratch", i), best.scratch.get(i), needs.scratch[i][best.bands[i]], *spans[i]),
            state=buffer(("state", i), best.state.get(i), needs.state[i], *spans[i]),
            live=by_step[i],
        )
        for i, w in enumerate(flow.works)
    )
    maps = _maps(graph, regions, needs, best)
    plan = Plan(
        graph=graph,
        options=options,
        segments=tuple(Segment(tuple(range(a, b))) for a, b in best.segments),
        steps=steps,
        maps=maps,
        views=flow.joined,
        leaving=flow.leaving,
        schedule=merged(best.calls),
        calls=best.calls,
        regions=_used(regions, best),
        peak=best.bytes,
        lower_bound=bound,
        peak_call=live.index(peak),
        crc32=0,
        heads=_heads(regions, maps, best),
    )
    return with_crc(plan)


def _used(regions: Sequence[str], best: Candidate) -> Mapping[str, int]:
    """Bytes of the arena by region; the first alone where there are none."""
    sizes = zip(regions, best.sizes or (best.bytes,), strict=False)
    return {name: size for name, size in sizes if size > 0} or {regions[0]: 0}


def _heads(regions: Sequence[str], maps: Mapping[int, MapPlan], best: Candidate) -> Buffer | None:
    rings = [t for t, m in maps.items() if m.history]
    if len(rings) > UINT8_MAX:
        raise EdgeError(PLAN_LIMIT, f"{len(rings)} maps with a history; the firmware's tables hold {UINT8_MAX}")
    size = aligned(HEAD_BYTES * len(rings))
    region = regions[best.elsewhere.get(("heads", 0), 0)]
    return Buffer(region, best.heads, size, 0, max(0, len(best.calls) - 1)) if rings else None


def _maps(graph: Graph, regions: Sequence[str], needs: Needs, best: Candidate) -> Mapping[int, MapPlan]:
    """Every tensor that a kernel touches by rows, and the model's inputs and outputs."""
    flow = needs.flow
    places: dict[int, list[Buffer]] = {}
    for t, storage in flow.stores.items():
        rects = rects_of(storage, best.lives, t)
        region = regions[best.elsewhere.get(("rows", t), 0)]
        places[t] = [
            Buffer(region, best.addresses[t][r], *rects.get(r, (storage.row_bytes, 0, -1))) for r in range(storage.rows)
        ]
        if t in best.rings:  # of the first call, whose row 0 lies in slot 0
            first = best.addresses[t][storage.history]
            last = max(0, len(best.calls) - 1)
            slots = range(best.rings[t])
            places[t] = [Buffer(region, first + k * storage.slot_bytes, storage.row_bytes, 0, last) for k in slots]
    maps: dict[int, MapPlan] = {}
    touched = [*graph.inputs, *graph.outputs, *flow.stores]
    virtual: set[int] = set()
    for work in flow.works:
        node = graph.nodes[work.node]
        touched += [node.inputs[k] for k in find_operator(node.op).geometry(graph, node).inputs]
        touched += node.outputs
        if work.epilogue is not None:
            virtual.update(node.outputs)
            touched += graph.nodes[work.epilogue].outputs
    for t in dict.fromkeys(touched):
        tensor = graph.tensors[t]
        rows, row_bytes = map_shape(graph, t)
        check_map(tensor)
        kind = MapKind.CONSTANT
        found: tuple[Buffer, ...] = ()
        above = 0
        view = flow.views.get(t, View(t, tensor.rows_shape[2] * tensor.dtype.bytes))
        if t in virtual:
            kind = MapKind.VIRTUAL
        elif t in flow.views:
            stored, storage = places[view.storage], flow.stores[view.storage]
            lying = rows
            if storage.history:
                new = storage.rows - storage.history
                above, lying = -(-storage.history * rows // new), len(stored) * rows // new
            found = _rows_of_part(stored, view, rows, tensor) if view.part else _rows_of(stored, lying, row_bytes)
            kind = MapKind.REAL if not above and _whole_at_once(found) else MapKind.RING
        maps[t] = MapPlan(t, view.storage, kind, rows, row_bytes, view.pitch, view.at, found, above)
    return maps


def _rows_of_part(stored: list[Buffer], view: View, rows: int, tensor: Tensor) -> tuple[Buffer, ...]:
    """The rows of a rectangle of a storage, from their first byte to their last."""
    _, width, channels = tensor.rows_shape
    span = (width - 1) * view.pitch + channels * tensor.dtype.bytes
    return tuple(replace(b, offset=b.offset + view.at, bytes=span) for b in stored[view.row : view.row + rows])


def _rows_of(stored: list[Buffer], rows: int, row_bytes: int) -> tuple[Buffer, ...]:
    """The rows of a view of a storage, cut its own way."""
    if (len(stored), stored[0].bytes if stored else 0) == (rows, row_bytes):
        return tuple(stored)
    size = stored[0].bytes
    found = []
    for r in range(rows):
        a, b = r * row_bytes // size, -(-(r + 1) * row_bytes // size)
        part = stored[a:b]
        first, last = min(p.first for p in part), max(p.last for p in part)
        found.append(Buffer(part[0].region, part[0].offset + r * row_bytes - a * size, row_bytes, first, last))
    return tuple(found)


def _whole_at_once(places: tuple[Buffer, ...]) -> bool:
    return max(p.first for p in places) <= min(p.last for p in places)
