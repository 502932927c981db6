# SPDX-License-Identifier: Apache-2.0
"""Bytes that no plan can go below: no cuts, bands, order of calls or addresses need less.

Before a call, every operator has made some of its rows, and what is in memory follows from these counts alone: the rows
that are made and that a reader has not passed. The least over all counts that the call allows is a bound (eliminate.py
finds it).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import reduce

import numpy as np

from edgesdk.model.plan import Turn
from edgesdk.plan.eliminate import LARGEST, NEVER, Elimination, Table
from edgesdk.plan.lives import Needs
from edgesdk.plan.place import aligned
from edgesdk.plan.search import Segments
from edgesdk.plan.touch import Ints, givers_of
from edgesdk.plan.work import Port

MOST = 160  # counts of one operator that are told apart, and of one arrival MOST_ARRIVED
MOST_ARRIVED = 256


def least_bytes(needs: Needs) -> int:
    """The most that any call needs in any plan.

    A work that runs alone, all before it done and none behind it begun, is one of the plans that its bound holds for:
    works that need no more than what is found even so are not looked at.
    """
    works = needs.flow.works
    segments = Segments(needs)
    narrow = tuple(w.bands[0] for w in works)
    most = [segments.cost(i, i + 1, narrow) for i in range(len(works))]
    calls = _Calls(needs)
    found = needs.crossing[0]
    for i in sorted(range(len(works)), key=lambda i: -most[i]):
        if most[i] <= found:
            break
        found = max(found, calls.dearest(i))
    return found


class _Counts:
    """How many rows an operator may have made, or have come; of very many several are one.

    Args:
        low, high: by count: the rows that it stands for.
    """

    def __init__(self, rows: int, most: int) -> None:
        self.step = rows // most + 1
        self.low = np.arange(0, rows + 1, self.step)
        self.high = np.minimum(self.low + self.step - 1, rows)


class _Reader:
    """A port's rows as monotone tables.

    Args:
        reached: by number of operator rows made: storage rows [0, reached) cover all that they read.
        passed: by the same: the first storage row that is still read; all rows where none is.
        rows: which rows are read.
    """

    def __init__(self, port: Port, rows: int) -> None:
        self.storage, self.makers = port.storage, port.makers
        self.reached = np.maximum.accumulate([0, *port.high])
        touched = [low if low < high else rows for low, high in zip(port.low, port.high, strict=True)]
        self.passed = np.minimum.accumulate([rows, *reversed(touched)])[::-1]
        self.rows = frozenset(r for low, high in zip(port.low, port.high, strict=True) for r in range(low, high))


class _Calls:
    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.flow = flow = needs.flow
        works, stores = flow.works, flow.stores
        self.counts = {i: _Counts(w.rows, MOST) for i, w in enumerate(works)}
        for k, t in enumerate(flow.arrivals):
            self.counts[-1 - k] = _Counts(stores[t].rows - stores[t].history, MOST_ARRIVED)
        self.inputs = [[_Reader(p, stores[p.storage].rows) for p in w.inputs] for w in works]
        self.readers: dict[int, list[tuple[int, _Reader]]] = {t: [] for t in stores}
        for i, readers in enumerate(self.inputs):
            for reader in readers:
                self.readers[reader.storage].append((i, reader))
        self.begun = {t: self._begun(t) for t in stores}  # maker -> by row: operator rows after which it has begun it
        self.rows = [table for t in stores for table in self._rows(t)]
        self.depends = [self._depends(i, self.counts[i].low) for i in range(len(works))]
        self.states = [[self._state(i)] if needs.state[i] > 0 else [] for i in range(len(works))]
        self.elimination = Elimination({v: len(counts.low) for v, counts in self.counts.items()})
        self.rings = sum((s.history + 1) * s.slot_bytes for s in stores.values() if s.history)

    def dearest(self, i: int) -> int:
        """What the dearest row of a work needs, each in its best band."""
        work = self.flow.works[i]
        by_row = np.full(work.rows, NEVER)
        for band in work.bands:
            turns = [turn for turn, _ in self.flow.steps(i, band)]
            least = self._least(i, turns)
            scratch = aligned(self.needs.scratch[i].get(band, 0))
            for turn in turns:
                rows = slice(turn.row, turn.row + turn.rows)
                need = least[turn.row // self.counts[i].step] + scratch + self._new(turn)
                by_row[rows] = np.minimum(by_row[rows], need)
        return self.needs.heads + self.rings + aligned(self.needs.state[i]) + int(by_row.max())

    def _least(self, i: int, turns: Sequence[Turn]) -> Ints:
        """By count of work i: the least bytes of rows and of others' state before its next call.

        Args:
            turns: its calls.
        """
        counts = self.counts[i]
        ends = np.full(len(counts.low), NEVER)  # rows made after the first call of a count
        for turn in turns:
            at = turn.row // counts.step
            ends[at] = min(ends[at], turn.row + turn.rows)
        ends = np.where(ends == NEVER, counts.low, ends)
        tables = [*self.rows, *self._depends(i, ends)]
        for k in range(len(self.flow.works)):
            tables += [*self.depends[k], *self.states[k]] if k != i else []
        return self.elimination.least(tables, i)

    def _begun(self, t: int) -> dict[int, Ints]:
        """Maker -> by row of a storage: operator rows after which it has begun it; NEVER: it does not write it."""
        found = {}
        for m in self.flow.makers[t]:
            begun = np.full(self.flow.stores[t].rows, NEVER)
            if m < 0:
                history = self.flow.stores[t].history
                begun[history:] = np.arange(1, len(begun) - history + 1)
            else:
                for port in self.flow.works[m].outputs:
                    for y, (low, high) in enumerate(zip(port.low, port.high, strict=True)):
                        if port.storage == t:
                            begun[low:high] = np.minimum(begun[low:high], y + 1)
            found[m] = begun
        return found

    def _rows(self, t: int) -> list[Table]:
        """Bytes of a storage's rows between calls.

        A row that several works write is there as soon as one has begun it: each of them counts an equal part. One with
        several readers is there until all have passed it: two of them are looked at.
        """
        storage = self.flow.stores[t]
        if storage.history:
            return []  # the whole ring is there throughout
        small = MOST**2 * max([len(self.counts[m].low) for m in self.begun[t]], default=1) <= LARGEST
        groups: dict[tuple[int, ...], list[int]] = {}  # readers, by their place in self.readers[t] -> rows
        for r in range(storage.rows):
            of = [n for n, (_, reader) in enumerate(self.readers[t]) if r in reader.rows]
            if r >= storage.stays:
                groups.setdefault((), []).append(r)
            elif of:
                groups.setdefault((of[0], of[-1]) if small else (of[-1],), []).append(r)
        makers: list[int | None] = [*self.begun[t]] or [None]
        return [self._held(t, m, readers, rows) for readers, rows in groups.items() for m in makers]

    def _held(self, t: int, maker: int | None, readers: Sequence[int], rows: Sequence[int]) -> Table:
        """Bytes of these rows; without a maker they are there from the start, without readers to the end."""
        storage = self.flow.stores[t]
        begun = np.zeros(storage.rows, np.int64) if maker is None else self.begun[t][maker]
        parts = np.array([max(1, sum(of[r] < NEVER for of in self.begun[t].values())) for r in range(storage.rows)])
        size = np.zeros(storage.rows, np.int64)
        size[rows] = storage.slot_bytes // parts[rows]
        made = np.zeros(1, np.int64) if maker is None else self.counts[maker].low
        from_row = np.zeros((len(made), storage.rows + 1), np.int64)  # bytes of a row and those behind it
        from_row[:, :-1] = np.where(begun <= made[:, None], size, 0)[:, ::-1].cumsum(axis=1)[:, ::-1]
        of = sorted({self.readers[t][n][0] for n in readers} | ({maker} if maker is not None else set()))
        at = np.array(0) if maker is None else Table((maker,), np.arange(len(made))).over(of)
        passed = np.array(0)
        if readers:
            each = (self.readers[t][n] for n in readers)
            passed = reduce(np.minimum, (Table((k,), r.passed[self.counts[k].high]).over(of) for k, r in each))
        return Table(tuple(of), from_row[at, passed])

    def _depends(self, i: int, ends: Ints) -> list[Table]:
        """NEVER where a maker has not made what work i has read, a table for each input and maker.

        Args:
            ends: by count of work i: rows that are made with what is there.
        """
        found = []
        for reader in self.inputs[i]:
            for maker in reader.makers:
                ready = np.array([0, *self.flow.ready[reader.storage, maker]])
                missing = self.counts[maker].high[:, None] < ready[reader.reached[ends]]
                found.append(Table((maker, i), np.where(missing, NEVER, 0)))
        return found

    def _state(self, i: int) -> Table:
        """Bytes of a work's state between its calls."""
        counts = self.counts[i]
        between = (counts.low > 0) & (counts.high < self.flow.works[i].rows)
        return Table((i,), np.where(between, aligned(self.needs.state[i]), 0))

    def _new(self, turn: Turn) -> int:
        """Bytes of the rows that a call begins, less the most that they can share with rows that it reads last."""
        stores, i = self.flow.stores, turn.step
        dying = []  # (bytes, lag) of every giver
        givers = givers_of(self.flow, i)
        after = self._after(turn) if givers else []
        for port, lag, _ in givers:
            kept = min(int(reader.passed[after[k]]) for k, reader in self.readers[port.storage])
            low, high = port.span(turn.row, turn.rows)
            gone = min(kept, stores[port.storage].stays, high) - low
            if gone > 0:
                dying.append((gone * stores[port.storage].slot_bytes, lag))
        total = 0
        for t in {port.storage for port in self.flow.works[i].outputs}:
            storage, begun = stores[t], self.begun[t]
            shared = sum(max(0, min(storage.slot_bytes - lag, found)) for found, lag in dying)
            for r in np.flatnonzero((begun[i] > turn.row) & (begun[i] <= turn.row + turn.rows)):
                size = storage.slot_bytes // sum(of[r] < NEVER for of in begun.values())
                total += 0 if storage.history else max(0, size - shared)
        return total

    def _after(self, turn: Turn) -> list[int]:
        """By work: the first row that cannot come before a call ends. Every operator makes its rows in order."""
        works, i = self.flow.works, turn.step
        after = [w.rows for w in works]
        after[i] = turn.row  # until its readers are known
        for j in range(i, len(works)):
            if after[j] < works[j].rows:
                for port in works[j].outputs:
                    first = bisect_right(self.flow.ready[port.storage, j], after[j])
                    for k, reader in self.readers[port.storage]:
                        if j in reader.makers:
                            after[k] = min(after[k], int(np.searchsorted(reader.reached, first, "right")) - 1)
        after[i] = turn.row + turn.rows
        return after
