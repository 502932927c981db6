# SPDX-License-Identifier: Apache-2.0
"""From a Graph to a Plan: segments, schedule, and a place in memory for every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edgesdk.model.graph import Graph
from edgesdk.model.plan import Buffer, MapKind, MapPlan, Options, Plan, Segment, Step, Turn
from edgesdk.ops import find_operator
from edgesdk.plan.identity import with_crc
from edgesdk.plan.limits import check_map, check_tables
from edgesdk.plan.lives import BEFORE, Lives, Needs
from edgesdk.plan.place import Item, Rect, Share, aligned, place
from edgesdk.plan.replay import replay
from edgesdk.plan.schedule import Bands, Flow, merged
from edgesdk.plan.search import Segments
from edgesdk.plan.storage import Storage, map_shape, storage_of, storages
from edgesdk.plan.work import Work, build_work, works_of

PLACE_SECONDS = 1.0


@dataclass(frozen=True)
class Candidate:
    """One placed plan.

    Args:
        cuts: ends of the segments.
        addresses: storage -> address of every row, by row.
        scratch, state: address by work.
    """

    cuts: tuple[int, ...]
    bands: tuple[int, ...]
    calls: tuple[Turn, ...]
    lives: Lives
    addresses: Mapping[int, Sequence[int]]
    scratch: Mapping[int, int]
    state: Mapping[int, int]
    bytes: int


def plan_graph(graph: Graph, families: tuple[str, ...], region: str, options: Options | None = None) -> Plan:
    """Plans a rewritten graph.

    Args:
        graph: what runs; all its nodes have kernels.
        families: kernel families the core can run, best first.
        region: the RAM region that holds the arena.
        options: the user's choices.

    Raises:
        EdgeError: OP_UNSUPPORTED where no kernel accepts a node, PLAN_LIMIT where a shape exceeds the tables.
    """
    options = options or Options()
    streamed = options.input == "streamed"
    choices = works_of(graph, families)
    check_tables(graph, [graph.nodes[i] for i, _, _ in choices])
    owner = storage_of(graph)
    unstored = frozenset(t for i, epilogue, _ in choices if epilogue is not None for t in graph.nodes[i].outputs)
    stores = storages(graph, streamed, unstored)
    works = [build_work(graph, choice, owner, stores) for choice in choices]
    arrivals = [owner[t] for t in graph.inputs] if streamed else []
    flow = Flow(works, stores, arrivals)
    needs = Needs(
        flow,
        [{b: w.kernel.scratch_bytes(graph, graph.nodes[w.node], b) for b in w.bands} for w in works],
        [w.kernel.state_bytes(graph, graph.nodes[w.node]) for w in works],
    )
    best, bound = _search(needs)
    replay(flow, needs, best)
    return _assemble(graph, options, families, region, owner, flow, needs, best, bound)


def _search(needs: Needs) -> tuple[Candidate, int]:
    """The smallest placed plan, and a bound below every plan."""
    works = needs.flow.works
    narrow = tuple(w.bands[0] for w in works)
    segments = Segments(needs)
    cuts, bound = segments.best(narrow)
    best: Candidate | None = None
    for tried in (cuts, list(range(1, len(works) + 1))):
        candidate = _placed(needs, tried, narrow, bound, best.bytes if best else None)
        if candidate is not None:
            best = candidate
    assert best is not None
    return _widened(needs, segments, best), bound


def _widened(needs: Needs, segments: Segments, best: Candidate) -> Candidate:
    """The same plan with every band as wide as its kernel likes it, where that costs no byte."""
    bands = list(best.bands)
    starts = (0, *best.cuts[:-1])
    for start, end in zip(starts, best.cuts, strict=True):
        for i in range(start, end):
            work = needs.flow.works[i]
            for band in sorted((b for b in work.bands if bands[i] < b <= work.favourite), reverse=True):
                wider = [*bands[:i], band, *bands[i + 1 :]]
                if segments.cost(start, end, wider) <= best.bytes:
                    bands = wider
                    break
    if tuple(bands) == best.bands:
        return best
    return _placed(needs, best.cuts, bands, best.bytes, best.bytes + 1) or best


def _placed(needs: Needs, cuts: Sequence[int], bands: Bands, bound: int, below: int | None) -> Candidate | None:
    """A plan of these segments and bands; None where no placement takes fewer bytes than `below`."""
    flow = needs.flow
    calls = flow.calls(cuts, bands)
    lives = needs.lives(calls, 0, len(flow.works), bands)
    items: list[Item] = []
    index: dict[tuple[int, int], tuple[int, int]] = {}  # (storage, row) -> item, rect
    for t, storage in flow.stores.items():
        rects = _rects(storage, lives, t)
        if storage.contiguous:
            at = [Rect(r * storage.row_bytes, size, first, last) for r, (size, first, last) in rects.items()]
            index |= {(t, r): (len(items), k) for k, r in enumerate(rects)}
            if at:
                items.append(Item(tuple(at)))
        else:
            for r, (size, first, last) in rects.items():
                index[t, r] = (len(items), 0)
                items.append(Item((Rect(0, aligned(size), first, last),)))
    extra: dict[tuple[str, int], int] = {}
    for i in range(len(flow.works)):
        size = needs.scratch[i].get(bands[i], 0)
        if size > 0:
            own = tuple(e for e, call in enumerate(calls) if call.step == i)
            extra["scratch", i] = len(items)
            items.append(Item((Rect(0, aligned(size), own[0], own[-1]),), own))
        if i in lives.states:
            extra["state", i] = len(items)
            items.append(Item((Rect(0, aligned(needs.state[i]), *lives.states[i]),)))
    shares = [
        Share(*index[p.made], *index[p.dying], p.lag, p.step) for pairs in lives.pairs.values() for p in pairs
    ]
    result = place(items, shares, bound, PLACE_SECONDS, below)
    if result is None:
        return None
    bases, total = result
    addresses: dict[int, list[int]] = {}
    for t, storage in flow.stores.items():
        addresses[t] = [0] * storage.rows
        for r in range(storage.rows):
            if (t, r) in index:
                item, rect = index[t, r]
                addresses[t][r] = bases[item] + items[item].rects[rect].at
    return Candidate(
        tuple(cuts),
        tuple(bands),
        tuple(calls),
        lives,
        addresses,
        {i: bases[k] for (kind, i), k in extra.items() if kind == "scratch"},
        {i: bases[k] for (kind, i), k in extra.items() if kind == "state"},
        total,
    )


def _rects(storage: Storage, lives: Lives, t: int) -> dict[int, tuple[int, int, int]]:
    """Row -> (bytes, first call, last call), of the rows that exist. A storage that no call touches lives throughout:
    the application may read or write it."""
    if t not in lives.born:
        end = max(0, len(lives.live) - 1)
        return {r: (storage.row_bytes, 0, end) for r in range(storage.rows)}
    found = {}
    for r, (born, dies) in enumerate(zip(lives.born[t], lives.dies[t], strict=True)):
        if born is not None:
            first = 0 if born == BEFORE else born
            found[r] = (storage.row_bytes, first, max(first, min(dies, max(0, len(lives.live) - 1))))
    return found


def _assemble(
    graph: Graph,
    options: Options,
    families: tuple[str, ...],
    region: str,
    owner: Mapping[int, int],
    flow: Flow,
    needs: Needs,
    best: Candidate,
    bound: int,
) -> Plan:
    live = best.lives.live or [best.bytes]
    by_step: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    for e, call in enumerate(best.calls):
        by_step[call.step] = max(by_step.get(call.step, 0), live[e])
        spans[call.step] = (spans.get(call.step, (e, e))[0], e)
    peak = max(live)

    def buffer(address: int | None, size: int, first: int, last: int) -> Buffer | None:
        return None if address is None else Buffer(region, address, aligned(size), first, last)

    steps = tuple(
        Step(
            node=w.node,
            epilogue=w.epilogue,
            kernel=w.kernel.symbol,
            band=best.bands[i],
            scratch=buffer(best.scratch.get(i), needs.scratch[i][best.bands[i]], *spans[i]),
            state=buffer(best.state.get(i), needs.state[i], *spans[i]),
            live=by_step[i],
        )
        for i, w in enumerate(flow.works)
    )
    starts = (0, *best.cuts[:-1])
    plan = Plan(
        graph=graph,
        options=options,
        families=families,
        segments=tuple(Segment(tuple(range(a, b))) for a, b in zip(starts, best.cuts, strict=True)),
        steps=steps,
        maps=_maps(graph, owner, region, flow, best),
        schedule=merged(best.calls),
        calls=best.calls,
        regions={region: best.bytes},
        peak=best.bytes,
        lower_bound=bound,
        peak_call=live.index(peak),
        crc32=0,
    )
    return with_crc(plan)


def _maps(
    graph: Graph, owner: Mapping[int, int], region: str, flow: Flow, best: Candidate
) -> Mapping[int, MapPlan]:
    """Every tensor that a kernel touches by rows, and the model's inputs and outputs."""
    places: dict[int, list[Buffer]] = {}
    for t, storage in flow.stores.items():
        rects = _rects(storage, best.lives, t)
        places[t] = [
            Buffer(region, best.addresses[t][r], *rects.get(r, (storage.row_bytes, 0, -1)))
            for r in range(storage.rows)
        ]
    maps: dict[int, MapPlan] = {}
    touched = [*graph.inputs, *graph.outputs]
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
        kind, found = MapKind.CONSTANT, ()
        if t in virtual:
            kind = MapKind.VIRTUAL
        elif t in owner:
            found = _rows_of(places[owner[t]], rows, row_bytes)
            kind = MapKind.REAL if _whole_at_once(found) else MapKind.RING
        pitch = tensor.rows_shape[2] * tensor.dtype.bytes
        maps[t] = MapPlan(t, kind, rows, row_bytes, pitch, found)
    return maps


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
