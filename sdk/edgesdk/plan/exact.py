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
from edgesdk.plan.lives import Needs
from edgesdk.plan.pack import Effort, OutOfEffort, Packing
from edgesdk.plan.place import Item, Rect, Share, aligned
from edgesdk.plan.search import Segments

MOST_WORKS = 8
MOST_ROWS = 80
EFFORT = 1_200_000  # of all placements of one graph
SLICE = 3  # a placement takes at most this part of what is left
PLAN = 20  # effort of looking at one plan or simulating one call

Key = tuple[int, int, tuple[int, ...]]
"""A segment: first work, one past the last, their bands."""


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
        self.arenas: dict[Key, int] = {}  # least arena of a segment alone
        self.costs: dict[tuple[int, int], list[tuple[int, tuple[int, ...]]]] = {}
        self.open: list[tuple[int, int, int, tuple[Key, ...]]] = []
        self.pushed = 0
        self.unknown = best.bytes  # no plan that was given up goes below

    def run(self) -> tuple[Candidate, int]:
        self._push(0, ())
        least = 0
        try:
            while self.open:
                least, _, _, plan = heappop(self.open)
                if least >= self.best.bytes:
                    break
                self.effort.spend(PLAN)
                if plan and plan[-1][1] == len(self.needs.flow.works):
                    self._solve(least, plan)
                else:
                    self._grow(least, plan)
        except OutOfEffort:
            return self.best, min(self.best.bytes, self.unknown, least)
        return self.best, min(self.best.bytes, self.unknown)

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
            self.arenas[key] = -aligned(self.segments.cost(start, end, wide))  # negative: not solved yet
            self.effort.spend(PLAN * (self.segments.simulated - before))
        return abs(self.arenas[key])

    def _solve(self, least: int, plan: tuple[Key, ...]) -> None:
        now = max(self._least(key) for key in plan)
        if now > least:
            self._push(now, plan)
            return
        cuts = [end for _, end, _ in plan]
        bands = [band for key in plan for band in key[2]]

        def solve(items: Sequence[Item], shares: Sequence[Share], bound: int) -> tuple[list[int], int]:
            for key in plan:
                if self.arenas[key] < 0:
                    self._solve_segment(key, cuts, bands, items, shares)
            dearest = max(self._least(key) for key in plan)
            if dearest > least:
                self._push(dearest, plan)
                raise _NoPlan
            part = Effort(self.effort.left // SLICE)
            self.effort.left -= part.left
            addresses, proven = Packing(items, shares).least(least, self.best.bytes, part)
            self.effort.left += max(0, part.left)
            if addresses is None:
                self.unknown = min(self.unknown, proven)
                raise _NoPlan
            total = aligned(max(a + item.bytes for a, item in zip(addresses, items, strict=True)))
            if proven < total:
                self.unknown = min(self.unknown, proven)
            return addresses, total

        try:
            self.best = placed(self.needs, cuts, bands, 0, solve)
        except _NoPlan:
            return

    def _solve_segment(
        self, key: Key, cuts: Sequence[int], bands: Sequence[int], items: Sequence[Item], shares: Sequence[Share]
    ) -> None:
        """The least arena of what lives during a segment's calls, its rows before and after them left out."""
        calls = self.needs.flow.calls(cuts, bands)
        own = [e for e, call in enumerate(calls) if key[0] <= call.step < key[1]]
        part = Effort(self.effort.left // SLICE)
        self.effort.left -= part.left
        inside, shared = _during(items, shares, own[0], own[-1])
        _, proven = Packing(inside, shared).least(self._least(key), self.best.bytes, part)
        self.effort.left += max(0, part.left)
        self.arenas[key] = max(self._least(key), proven)


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
