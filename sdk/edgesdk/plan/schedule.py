# SPDX-License-Identifier: Apache-2.0
"""The order of kernel calls: segments one after another, each pulled row by row from its last operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from edgesdk.model.plan import Turn
from edgesdk.plan.storage import Storage
from edgesdk.plan.views import View
from edgesdk.plan.work import Work

Bands = Sequence[int]
"""Rows of one call, by work."""

Step = tuple[Turn, tuple[tuple[int, int], ...]]
"""A call, and (work or, as a negative number, arrival; rows) that must be there before it."""


class Flow:
    """Which work makes which storage, and how far it must have come for a row to be whole.

    Args:
        works: in order.
        stores: by owner.
        arrivals: streamed inputs (owners) in signature order; empty for resident inputs.
        views: where every activation lies.
        joined: nodes that do not run because their parts are views.
        leaving: streamed outputs.
    """

    def __init__(
        self,
        works: Sequence[Work],
        stores: Mapping[int, Storage],
        arrivals: Sequence[int],
        views: Mapping[int, View],
        joined: frozenset[int],
        leaving: frozenset[int] = frozenset(),
        again: Mapping[int, int] | None = None,
    ) -> None:
        self.works = works
        self.stores = stores
        self.views = views
        self.joined = joined
        self.leaving = leaving
        self.again = again or {}
        self.arrivals = tuple(arrivals)
        self.makers: dict[int, list[int]] = {t: [] for t in stores}
        self.ready: dict[tuple[int, int], list[int]] = {}  # (storage, maker) -> by row
        for i, work in enumerate(works):
            for port in work.outputs:
                self.makers[port.storage].append(i)
                ready = _ready(port.low, port.high, stores[port.storage].rows)
                before = self.ready.get((port.storage, i), ready)  # a work may write two parts of it
                self.ready[port.storage, i] = [max(rows) for rows in zip(ready, before, strict=True)]
        for k, t in enumerate(self.arrivals):
            self.makers[t].append(-1 - k)
            self.ready[t, -1 - k] = [max(0, r - stores[t].history) for r in range(1, stores[t].rows + 1)]
        self._steps: dict[tuple[int, int], list[Step]] = {}

    def steps(self, i: int, band: int) -> list[Step]:
        """The calls of work i, and what each needs before it."""
        if (i, band) not in self._steps:
            work = self.works[i]
            found: list[Step] = []
            row = 0
            while row < work.rows:
                rows = min(band, work.rows - row, work.frame_rows - row % work.frame_rows)
                feeds = [
                    (source, self.ready[port.storage, source][high - 1])
                    for port in work.inputs
                    for high in [port.span(row, rows)[1]]
                    for source in (port.makers if high > 0 else ())
                ]
                found.append((Turn(i, row, rows), tuple(feeds)))
                row += rows
            self._steps[i, band] = found
        return self._steps[i, band]

    def calls(self, cuts: Sequence[int], bands: Bands) -> list[Turn]:
        """Every call of the whole network, its segments ending at `cuts` (the last is len(works))."""
        done = [0] * (len(self.works) + len(self.arrivals))
        found: list[Turn] = []
        start = 0
        for end in cuts:
            found += self.segment(start, end, bands, done)
            start = end
        for k, t in enumerate(self.arrivals):
            if t in self.again:
                continue
            # rows that nothing reads still come, once
            found += [Turn(-1 - k, r, 1) for r in range(done[-1 - k], self.stores[t].rows - self.stores[t].history)]
        return found

    def segment(self, start: int, end: int, bands: Bands, done: list[int]) -> list[Turn]:
        """Calls of works [start, end): the last one pulled row by row, then what it left over.

        Args:
            done: rows made of every work so far and, from the end backwards, come of every input; updated.
        """
        found: list[Turn] = []
        rest = {i: iter(self.steps(i, bands[i])) for i in range(start, end)}

        def pull(i: int, upto: int) -> None:
            if i < 0:
                found.extend(Turn(i, row, 1) for row in range(done[i], upto))
                done[i] = upto
                return
            for turn, feeds in rest[i]:
                for source, need in feeds:
                    if done[source] < need:
                        pull(source, need)
                found.append(turn)
                done[i] = turn.row + turn.rows
                if done[i] >= upto:
                    return

        for i in (end - 1, *range(start, end - 1)):
            if done[i] < self.works[i].rows:
                pull(i, self.works[i].rows)
        return found


def merged(calls: Sequence[Turn]) -> tuple[Turn, ...]:
    """The schedule: calls that follow one another in one operator are one turn. The runtime cuts a turn at full bands
    and at the ends of frames, as `segment` does."""
    turns: list[Turn] = []
    for call in calls:
        last = turns[-1] if turns else None
        if last is not None and last.step == call.step and last.row + last.rows == call.row:
            turns[-1] = Turn(call.step, last.row, last.rows + call.rows)
        else:
            turns.append(call)
    return tuple(turns)


def _ready(low: Sequence[int], high: Sequence[int], rows: int) -> list[int]:
    """Operator rows that must be made until all that they write of storage rows [0, r] is there, for every r."""
    last = [0] * rows
    for y, (a, b) in enumerate(zip(low, high, strict=True)):
        for r in range(a, b):
            last[r] = y + 1
    return list(accumulate(last, max))
