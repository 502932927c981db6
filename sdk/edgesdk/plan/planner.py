# SPDX-License-Identifier: Apache-2.0
"""From a Graph to a Plan: segments, schedule, and a place in memory for every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from edgesdk.kernels.palette import Palette
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options, Plan
from edgesdk.plan.assemble import assemble
from edgesdk.plan.bound import least_bytes
from edgesdk.plan.candidate import Candidate, has_many_rows, out_of_reach, placed
from edgesdk.plan.exact import is_small, smallest
from edgesdk.plan.limits import check_tables
from edgesdk.plan.lives import Needs
from edgesdk.plan.lower import lowered
from edgesdk.plan.moves import total_macs
from edgesdk.plan.place import aligned
from edgesdk.plan.regions import Region, far_accesses, spread
from edgesdk.plan.replay import replay
from edgesdk.plan.room import with_room, with_scratch
from edgesdk.plan.schedule import Flow
from edgesdk.plan.search import Segments
from edgesdk.plan.storage import storages
from edgesdk.plan.streamed import check_streamable, streamable
from edgesdk.plan.views import joinable, views_of
from edgesdk.plan.work import build_work, makers_of, works_of

ANY_SIZE = 1 << 32  # good enough: it is placed anew, over the regions
FIRST = 1 << 62  # bytes that any placement meets: the first is good enough


def plan_graph(
    graph: Graph,
    palette: Palette,
    regions: str | Sequence[Region],
    options: Options | None = None,
    limit: int | None = None,
) -> Plan:
    """Plans a rewritten graph.

    Args:
        graph: what runs; all its nodes have kernels.
        palette: the kernels to choose from.
        regions: the RAM regions for the arena, fastest first: what does not fit one goes on to the next, and the last
            takes the rest whatever its size. A name: one region without a limit.
        options: the user's choices.
        limit: arena bytes that `--optimize speed` may spend; None: as many as it takes.

    Raises:
        EdgeError: OP_UNSUPPORTED where no kernel accepts a node, PLAN_LIMIT where a shape exceeds the tables,
            PLAN_OUTPUT where the output is to be streamed and none can be.
    """
    options = options or Options()
    limit = limit if options.optimize == "speed" else 0
    planned = _with_moves(graph, palette, options, limit)
    needs, best, bound = planned.needs, planned.best, planned.bound
    regions = [Region(regions)] if isinstance(regions, str) else regions
    if len(regions) > 1 and best.bytes > regions[0].bytes:
        best = _spilled(planned.graph, palette, options, limit, needs, best, regions)
    replay(needs, best)
    plan = assemble(planned.graph, options, [r.name for r in regions], needs, best, bound)
    work = total_macs(graph)
    return replace(plan, moves=planned.moves, recompute=round(total_macs(planned.graph) / work, 4) if work else 1.0)


@dataclass(frozen=True)
class _Planned:
    """A plan of a graph after moves, which are named in words."""

    graph: Graph
    needs: Needs
    best: Candidate
    bound: int
    moves: tuple[str, ...] = ()


def _with_moves(graph: Graph, palette: Palette, options: Options, limit: int | None) -> _Planned:
    """The smaller of the plans with and without moves; none are tried where speed has all the memory it wants."""
    found: _Planned | None = None
    needs = needs_of(graph, palette, options)
    if options.output == "streamed":
        check_streamable(graph, needs.flow.leaving)
    if limit is not None and not graph.history and not has_many_rows(needs):
        least = {True: least_bytes(needs)}  # by whether parts are views
        if needs.flow.joined:
            least[False] = least_bytes(needs_of(graph, palette, options, joined=frozenset()))
        found = _moved(graph, palette, options, limit, needs, views=least[True] <= min(least.values()))
        if found is not None and found.best.bytes <= min(least.values()):
            return found
    plain = _Planned(graph, *_as_it_is(graph, palette, options, limit))
    return found if found is not None and found.best.bytes < plain.best.bytes else plain


def _moved(
    graph: Graph, palette: Palette, options: Options, limit: int, needs: Needs, *, views: bool
) -> _Planned | None:
    """The best plan with moves; None where none help, or where a map in parts would not leave row by row any more."""
    found: _Planned | None = None
    before, *states = lowered(graph, options, needs, lambda g, o: needs_of(g, palette, o))
    for state in states[:-3:-1] if before.peak > limit else ():
        # Addresses may cost what the last moves gain: then those before them are better.
        if found is not None and state.peak > found.best.bytes:
            break
        moved = state.applied(graph)
        joined = joinable(moved, palette, leaving=options.output == "streamed") if views else frozenset[int]()
        other = _Planned(moved, *_planned(moved, palette, options, limit, joined), state.words)
        if other.needs.flow.leaving != needs.flow.leaving:
            break
        if found is None or other.best.bytes <= found.best.bytes:
            found = other
    return found


def _as_it_is(graph: Graph, palette: Palette, options: Options, limit: int | None) -> tuple[Needs, Candidate, int]:
    """The plan of a graph, its parts as views or copied."""
    joined = joinable(graph, palette, leaving=options.output == "streamed")
    needs, best, bound = _planned(graph, palette, options, limit, joined)
    if joined and limit is not None and limit < best.bytes:  # a copy may free a part before its whole goes
        least = least_bytes(needs_of(graph, palette, options, joined=frozenset()))
        if least < best.bytes:
            copying, other, least = _planned(graph, palette, options, limit, frozenset())
            if other.bytes < best.bytes:
                needs, best = copying, other
        bound = min(bound, aligned(least))
    return needs, best, bound


def _spilled(
    graph: Graph,
    palette: Palette,
    options: Options,
    limit: int | None,
    needs: Needs,
    best: Candidate,
    regions: Sequence[Region],
) -> Candidate:
    """The plan over several regions; in the order of calls of a streamed input where that leaves less traffic to the
    slow ones: a resident input at the peak hides what the maps behind it need."""
    plans = [spread(needs, best, regions)]
    if options.input == "resident":
        other = _planned(graph, palette, replace(options, input="streamed"), limit, needs.flow.joined)[1]
        plans.append(spread(needs, placed(needs, other.cuts, other.bands, ANY_SIZE), regions))
    plans = [plan for plan in plans if not out_of_reach(needs, plan)] or plans
    return min(plans, key=lambda plan: far_accesses(needs, plan, regions))


def _planned(
    graph: Graph, palette: Palette, options: Options, limit: int | None, joined: frozenset[int]
) -> tuple[Needs, Candidate, int]:
    """The plan with the parts of these nodes as views, and its bound."""
    needs = needs_of(graph, palette, options, joined=joined)
    if has_many_rows(needs):
        needs = needs_of(graph, palette, options, apart=False, joined=joined)
        return _layer_by_layer(needs)
    given, best, bound = _search(needs, limit)
    whole: frozenset[int] = frozenset()
    while far := out_of_reach(given, best):
        whole |= far
        needs = needs_of(graph, palette, options, whole=whole, joined=joined)
        given, best, bound = _search(needs, limit)
    return given, best, bound


def needs_of(
    graph: Graph,
    palette: Palette,
    options: Options,
    *,
    apart: bool = True,
    whole: frozenset[int] = frozenset(),
    joined: frozenset[int] | None = None,
) -> Needs:
    """The graph as works over rows, before anything is chosen but the kernels.

    Args:
        apart: whether the rows of a map may lie apart.
        whole: storages whose rows may not, in any case.
        joined: the nodes whose parts are views; None: all that can be.
    """
    streamed = options.input == "streamed"
    leaves = options.output == "streamed"
    joined = joinable(graph, palette, leaving=leaves) if joined is None else joined
    joined = frozenset() if graph.history else joined  # rings hold whole maps
    choices = works_of(graph, palette, joined)
    check_tables(graph, [graph.nodes[i] for i, _, _ in choices])
    views = views_of(graph, joined)
    unstored = frozenset(t for i, epilogue, _ in choices if epilogue is not None for t in graph.nodes[i].outputs)
    leaving = streamable(graph, choices) if leaves else frozenset[int]()
    stores = storages(graph, views, streamed, unstored, leaving)
    stores = {t: replace(s, contiguous=s.contiguous or not apart or t in whole) for t, s in stores.items()}
    makers = makers_of(graph, choices, joined, streamed)
    works = [build_work(graph, choice, palette, views, stores, makers) for choice in choices]
    return Needs(
        Flow(works, stores, (*graph.inputs, *graph.again) if streamed else (), views, joined, leaving, graph.again),
        [{b: w.kernel.scratch_choices(graph, graph.nodes[w.node], b) for b in w.bands} for w in works],
        [w.kernel.state_bytes(graph, graph.nodes[w.node]) for w in works],
    )


def _layer_by_layer(needs: Needs) -> tuple[Needs, Candidate, int]:
    works = needs.flow.works
    best = placed(needs, range(1, len(works) + 1), [w.favourite for w in works], 0)
    bound = min(best.bytes, aligned(least_bytes(needs)))
    return *with_scratch(needs, best, best.bytes), bound


def _search(needs: Needs, limit: int | None) -> tuple[Needs, Candidate, int]:
    """A placed plan with the scratch that it gives, and a bound below every plan.

    Bands and scratch as the kernels like them where `limit` bytes (None: any) hold such a plan; else the smallest plan,
    with as much more as its own size or the limit allows.
    """
    works = needs.flow.works
    segments = Segments(needs)
    narrow = tuple(w.bands[0] for w in works)
    bound = aligned(least_bytes(needs))
    bands, cuts, need = segments.best_bands(narrow, bound)
    enough = need + need // 256
    if limit is None or limit > bound:
        wide = tuple(w.favourite for w in works)
        given = needs.with_scratch(dict.fromkeys(range(len(works)), -1))
        fastest = placed(given, Segments(given).best(wide, bound)[0], wide, enough)
        if limit is None or fastest.bytes <= limit:
            return given, fastest, bound
    if is_small(needs):
        best, proven = smallest(needs, segments, placed(needs, cuts, bands, FIRST))
        bound = max(bound, proven)
        if bound == best.bytes:
            return *with_room(needs, best, max(best.bytes, limit or 0)), bound
        best = min(best, placed(needs, cuts, bands, enough), key=lambda plan: plan.bytes)
    else:
        best = placed(needs, cuts, bands, enough)
    if best.bytes > max((segments.cost(i, i + 1, narrow) for i in range(len(works))), default=0):
        alone = placed(needs, range(1, len(works) + 1), narrow, enough)
        best = min(best, alone, key=lambda plan: plan.bytes)
    return *with_room(needs, best, max(best.bytes, limit or 0)), bound
