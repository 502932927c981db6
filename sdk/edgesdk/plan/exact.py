# SPDX-License-Identifier: Apache-2.0
"""The smallest plan of a small graph: all cuts and bands, cheapest first, each placement solved exactly.

Plans grow segment by segment. A plan needs at least what its dearest segment needs: first the live bytes of its worst
call, then, once a plan gets that far, the smallest arena of the segment's calls alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import product

from edgesdk.plan.candidate import Candidate, placed
from edgesdk.plan.effort import Effort, OutOfEffort
from edgesdk.plan.lives import Needs
from edgesdk.plan.pack import Packing
from edgesdk.plan.place import Item, Rect, Share, aligned
from edgesdk.plan.search import Segments

MOST_WORKS = 8
MOST_ROWS = 80
EFFORT = 6_000_000  # of all placements of one graph
FIRST = 400_000  # of one placement, at first; what is not known by then has MORE times as much after all others
MORE = 4
PLAN = 100  # effort of looking at one plan or simulating one call

Key = tuple[int, int, tuple[int, ...]]
"""A segment: first work, one past the last, their bands."""

Problem = tuple[tuple[Item, ...], tuple[Share, ...]]


def is_small(needs: Needs) -> bool:
    """Whether a graph is small enough for this search to be worth its time."""
    flow = needs.flow
    return len(flow.works) <= MOST_WORKS and sum(s.rows for s in flow.stores.values()) <= MOST_ROWS


def smallest(needs: Needs, segments: Segments, best: Candidate) -> tuple[Candidate, int]:
    """The smallest plan, or the smallest that the effort finds, and the bytes that no plan goes below; where both are
    equal, nothing smaller exists over all cuts, bands and addresses.

    Args:
        best: any plan.
    """
    return _Smallest(needs, segments, best).run()


class _Smallest:
    def __init__(self, needs: Needs, segments: Segments, best: Candidate) -> None:
        self.needs = needs
        self.segments = segments
        self.best = best
        self.effort = Effort(EFFORT)
        self.arenas: dict[Key, int] = {}  # bytes that no arena of a segment alone goes below
        self.asked: set[tuple[Key, int]] = set()  # segments, by slice: whether they may fit alone
        self.costs: dict[tuple[int, int], list[tuple[int, tuple[int, ...]]]] = {}
        self.open: list[tuple[int, int, int, tuple[Key, ...]]] = []
        self.pushed = 0
        self.later: list[tuple[int, tuple[Key, ...]]] = []  # plans of which nothing is known yet, with what they need
        self.tried: set[Problem] = set()  # placements of which all is known
        self.least = 0  # bytes that the plan now looked at needs
        self.slice = FIRST

    def run(self) -> tuple[Candidate, int]:
        self._push(0, ())
        try:
            while self.open:
                self._all()
                self.slice *= MORE
                later, self.later = self.later, []
                for least, plan in later:
                    self._push(least, plan)
        except OutOfEffort:
            unknown = [self.least, *(least for least, _ in self.later)]
            return self.best, min([self.best.bytes, *unknown])
        return self.best, self.best.bytes

    def _all(self) -> None:
        while self.open:
            self.least, _, _, plan = heappop(self.open)
            if self.least >= self.best.bytes:
                self.open.clear()
                break
            self.effort.spend(PLAN)
            if plan and plan[-1][1] == len(self.needs.flow.works):
                self._solve(self.least, plan)
            else:
                self._grow(self.least, plan)

    def _push(self, least: int, plan: tuple[Key, ...]) -> None:
        if least < self.best.bytes:
            self.pushed += 1
            heappush(self.open, (least, -plan[-1][1] if plan else 0, self.pushed, plan))

    def _grow(self, least: int, plan: tuple[Key, ...]) -> None:
        works = self.needs.flow.works
        start = plan[-1][1] if plan else 0
        for end in range(start + 1, len(works) + 1):
            for bands in product(*(w.bands for w in works[start:end])):
                key = start, end, bands
                self._push(max(least, self._least(key)), (*plan, key))

    def _least(self, key: Key) -> int:
        if key not in self.arenas:
            start, end, bands = key
            before = self.segments.simulated
            wide = [w.bands[0] for w in self.needs.flow.works]
            wide[start:end] = bands
            self.arenas[key] = aligned(self.segments.cost(start, end, wide))
            self.effort.spend(PLAN * (self.segments.simulated - before))
        return self.arenas[key]

    def _solve(self, least: int, plan: tuple[Key, ...]) -> None:
        cuts = [end for _, end, _ in plan]
        bands = [band for key in plan for band in key[2]]

        def solve(items: Sequence[Item], shares: Sequence[Share], bound: int) -> tuple[list[int], int]:
            problem = tuple(items), tuple(shares)
            if problem in self.tried:
                raise _NoPlan
            self.tried.add(problem)
            if len(plan) > 1 and not all(self._may_fit(key, cuts, bands, items, shares) for key in plan):
                raise _NoPlan
            addresses, proven = self._packed(Packing(items, shares), least)
            total = self.best.bytes
            if addresses is not None:
                total = aligned(max(a + item.bytes for a, item in zip(addresses, items, strict=True)))
            if proven < total:
                self.later.append((proven, plan))
                self.tried.discard(problem)
            if addresses is None:
                raise _NoPlan
            return addresses, total

        try:
            self.best = placed(self.needs, cuts, bands, 0, solve)
        except _NoPlan:
            return

    def _may_fit(
        self, key: Key, cuts: Sequence[int], bands: Sequence[int], items: Sequence[Item], shares: Sequence[Share]
    ) -> bool:
        """Whether what lives during a segment's calls, rows before and after left out, may fit below the best plan."""
        if self._least(key) < self.best.bytes and (key, self.slice) not in self.asked:
            self.asked.add((key, self.slice))
            calls = self.needs.flow.calls(cuts, bands)
            own = [e for e, call in enumerate(calls) if key[0] <= call.step < key[1]]
            packing = Packing(*_during(items, shares, own[0], own[-1]))
            self.arenas[key] = max(self._least(key), self._packed(packing, self._least(key), first=True)[1])
        return self._least(key) < self.best.bytes

    def _packed(self, packing: Packing, least: int, *, first: bool = False) -> tuple[list[int] | None, int]:
        """As Packing.least, for a slice of effort."""
        part = Effort(min(self.slice, self.effort.left))
        self.effort.left -= part.left
        found = packing.least(least, self.best.bytes, part, first=first)
        self.effort.left += max(0, part.left)
        return found


class _NoPlan(Exception):
    """No placement smaller than the best plan."""


def _during(items: Sequence[Item], shares: Sequence[Share], first: int, last: int) -> tuple[list[Item], list[Share]]:
    """Items and shares of calls first..last."""
    found: list[Item] = []
    index: dict[tuple[int, int], tuple[int, int]] = {}
    for i, item in enumerate(items):
        rects: list[Rect] = []
        calls = tuple(e for e in item.calls if first <= e <= last)
        for k, rect in enumerate(item.rects):
            if rect.first <= last and rect.last >= first and (calls or not item.calls):
                index[i, k] = len(found), len(rects)
                rects.append(replace(rect, first=max(first, rect.first), last=min(last, rect.last)))
        if rects:
            found.append(Item(tuple(rects), calls))
    kept = []
    for s in shares:
        if (s.maker, s.made) in index and (s.giver, s.dying) in index:
            kept.append(Share(*index[s.maker, s.made], *index[s.giver, s.dying], s.lag, s.step))
    return found, kept
