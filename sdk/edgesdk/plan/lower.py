# SPDX-License-Identifier: Apache-2.0
"""The search for moves that lower the peak.

Each is judged on the segments around it alone, by the bytes of their worst call. For a target below the peak, the
cheapest move that gets there is chosen for every segment above it; the target falls until a segment has no such move or
the recomputation allowed is spent. Effort is counted in simulated calls, so a plan is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.plan.lives import Needs
from edgesdk.plan.moves import Move, Moves, meet, total_macs
from edgesdk.plan.search import Segments
from edgesdk.plan.storage import map_shape
from edgesdk.rewrite.strips import strip_ends
from edgesdk.rewrite.twice import pooled_chain

CALLS = 600_000  # simulated in all
BEHIND = 3  # nodes behind a move that are planned anew with it
ROUNDS = 100

NeedsOf = Callable[[Graph, Options], Needs]


@dataclass(frozen=True)
class State:
    """Moves that are made together.

    Args:
        peak: bytes at the worst call of any segment then; addresses may take more.
    """

    moves: tuple[Move, ...]
    peak: int

    @property
    def macs(self) -> int:
        """Multiply-accumulates that they add."""
        return sum(m.macs for m in self.moves)

    @property
    def words(self) -> tuple[str, ...]:
        """What they do, for people."""
        return tuple(m.words for m in sorted(self.moves, key=lambda m: m.first))

    def applied(self, graph: Graph) -> Graph:
        """The graph that was searched, after the moves."""
        for move in sorted(self.moves, key=lambda m: -m.first):
            moved = move.apply(graph)
            assert moved is not None
            graph = moved
        return graph


def lowered(graph: Graph, options: Options, needs: Needs, needs_of: NeedsOf) -> tuple[State, ...]:
    """The states that lower the peak, each more than those before it. The first has no moves; it is the only one where
    none help.

    Args:
        needs: the graph's.
        needs_of: how a graph's needs are found.
    """
    if not needs.flow.works:
        return (State((), 0),)
    if options.max_recompute <= 1.0 and not any(pooled_chain(graph, p) for p in range(len(graph.nodes))):
        return (State((), 0),)  # without squeeze-excite blocks gain little for the time that they take
    return _Search(graph, options, needs, needs_of).run()


class _Search:
    def __init__(self, graph: Graph, options: Options, needs: Needs, needs_of: NeedsOf) -> None:
        self.graph = graph
        self.options = options
        self.needs_of = needs_of
        works = needs.flow.works
        narrow = tuple(w.bands[0] for w in works)
        costs = Segments(needs)
        segments = costs.levelled(narrow)
        starts = [works[a].node if a else 0 for a, _ in segments]
        self.spans = list(zip(starts, [*starts[1:], len(graph.nodes)], strict=True))  # nodes of each segment
        self.costs = [costs.cost(a, b, narrow) for a, b in segments]
        self.crossing = [needs.crossing[b] for _, b in segments]  # bytes behind each segment
        self.budget = int(total_macs(graph) * (options.max_recompute - 1.0))
        repeated = options.repeats and len(graph.inputs) == 1 and map_shape(graph, graph.inputs[0])[0] > 1
        self.moves = Moves(graph, self.spans, self.costs, self.budget, repeated=repeated)
        self.calls = 0
        self._judged: dict[tuple[int, int, str], int | None] = {}

    def run(self) -> tuple[State, ...]:
        states = [State((), max(self.costs, default=0))]
        for _ in range(ROUNDS):
            found = self._reach(states[-1].peak - 1)
            if found is None or self.calls > CALLS:
                break
            states.append(found)
        return tuple(states)

    def _reach(self, target: int) -> State | None:
        """Moves that bring every segment to `target` bytes."""
        chosen: dict[Move, int] = {}  # -> bytes after it
        covered: set[int] = set()
        rest = 0
        for k, cost in enumerate(self.costs):
            if k in covered:
                continue
            if cost <= target:
                rest = max(rest, cost)
                continue
            for move in self.moves.of_segment(k):
                window = self._window(move)
                gone = [m for m in chosen if m.first < move.last and move.first < m.last]
                if not all(window[0] <= a and b <= window[1] for a, b in map(self._window, gone)):
                    continue
                if move.macs + sum(m.macs for m in chosen if m not in gone) > self.budget:
                    continue
                after = self._cost(move)
                if after is not None and after <= target:
                    break
            else:
                return None
            chosen = {m: c for m, c in chosen.items() if m not in gone} | {move: after}
            covered |= {i for i, span in enumerate(self.spans) if meet(span, window)}
        return State(tuple(chosen), max(rest, *chosen.values()))

    def _window(self, move: Move) -> tuple[int, int]:
        """The nodes that are planned anew with a move: the segments that it touches, and some behind it up to where the
        fewest bytes cross."""
        touched = [i for i, span in enumerate(self.spans) if meet(span, (move.first, move.last))]
        ends = [touched[-1]]
        while (
            not move.in_strips and ends[-1] + 1 < len(self.spans) and self.spans[ends[-1] + 1][1] <= move.last + BEHIND
        ):
            ends.append(ends[-1] + 1)
        return self.spans[touched[0]][0], self.spans[min(ends, key=lambda i: self.crossing[i])][1]

    def _cost(self, move: Move) -> int | None:
        """Bytes at the worst call of the segments around a move after it, None where they cannot be judged."""
        key = (move.first, move.last, move.words)
        if key not in self._judged:
            self._judged[key] = self._judge(move) if self.calls <= CALLS else None
        return self._judged[key]

    def _judge(self, move: Move) -> int | None:
        start, end = self._window(move)
        if (
            self.options.input == "streamed"
            and start > 0
            and any(t in n.inputs for n in self.graph.nodes[start:end] for t in self.graph.inputs)
        ):
            return None
        moved = move.apply(self.graph)
        if moved is None:
            return None
        end += len(moved.nodes) - len(self.graph.nodes)
        part = _part(moved, start, end)
        options = self.options if start == 0 else replace(self.options, input="resident")
        if not set(part.outputs) <= set(moved.outputs):  # what goes on to other nodes does not leave
            options = replace(options, output="resident")
        needs = self.needs_of(part, options)
        works = needs.flow.works
        narrow = tuple(w.bands[0] for w in works)
        segments = Segments(needs)
        if move.in_strips:
            made = {t for n in self.graph.nodes[move.first : move.last] for t in n.outputs}
            ends = [move.first - start, *(e - start for e in strip_ends(moved, made)), end - start]
            cuts = sorted({sum(w.node < e for w in works) for e in ends} - {0})
        else:
            cuts = segments.best(narrow, 0)[0]
        cost = max(segments.cost(a, b, narrow) for a, b in pairwise([0, *cuts]))
        self.calls += segments.simulated
        return cost


def _part(graph: Graph, start: int, end: int) -> Graph:
    """Nodes [start, end) as a graph of their own; what lives across them is input and output."""
    made = {t for n in graph.nodes[start:end] for t in n.outputs}
    before = {*graph.inputs, *(t for n in graph.nodes[:start] for t in n.outputs)}
    read = {t for n in graph.nodes[start:end] for t in n.inputs}
    later = {t for n in graph.nodes[end:] for t in n.inputs} | set(graph.outputs)
    inputs = sorted(t for t in before if t in read or t in later or (start == 0 and t in graph.inputs))
    outputs = sorted(t for t in before | made if t in later)
    return graph.with_nodes(graph.nodes[start:end], inputs=tuple(inputs), outputs=tuple(outputs))
