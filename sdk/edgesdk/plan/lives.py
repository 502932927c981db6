# SPDX-License-Identifier: Apache-2.0
"""When every row is born and dies, and the bytes that no placement of such lives can go below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from edgesdk.model.plan import Turn
from edgesdk.plan.place import aligned
from edgesdk.plan.schedule import Bands, Flow
from edgesdk.plan.touch import Ints, Touched, givers_of, offsets, touched
from edgesdk.plan.work import Port

BEFORE = -1  # born before the first call
NEVER = 1 << 40  # not born in these calls
HEAD_BYTES = 2  # of a ring: where it begins


@dataclass(frozen=True)
class Pair:
    """An output row that may lie over an input row that dies in the call that makes it.

    Args:
        made, dying: (storage, row).
        lag, step: as in Overlap, in multiples of the alignment.
    """

    made: tuple[int, int]
    dying: tuple[int, int]
    lag: int
    step: int


@dataclass(frozen=True)
class Lives:
    """Lives over a list of calls.

    Args:
        born, dies: by storage, by row: indices of calls; both included. Rows outside these calls' business are absent.
        states: by work: first and last call, of the works that keep state.
        pairs: by call.
        live: by call: bytes that any placement needs there (rows, scratch, state, less what pairs can share).
    """

    born: dict[int, list[int | None]]
    dies: dict[int, list[int]]
    states: dict[int, tuple[int, int]]
    pairs: dict[int, list[Pair]]
    live: list[int]


@dataclass(frozen=True)
class _Spans:
    """Lives as arrays.

    Args:
        calls: by work, or as a negative number arrival: where its calls stand.
        born, dies: by row number.
        live: as in Lives.
    """

    calls: Mapping[int, Ints]
    born: Ints
    dies: Ints
    live: Ints


class Needs:
    """What the works of a flow need at all: who reads a row last, scratch and state, bytes that cross a cut."""

    def __init__(self, flow: Flow, choices: Sequence[Mapping[int, tuple[int, ...]]], state: Sequence[int]) -> None:
        """With the least scratch.

        Args:
            choices: by work: band -> bytes of scratch with which the kernel can do, fewest first.
            state: by work: bytes.
        """
        self.flow = flow
        self.choices = choices
        self.scratch = [{band: sizes[0] for band, sizes in of.items()} for of in choices]
        self.state = state
        works, stores = flow.works, flow.stores
        rings = {t for t, s in stores.items() if s.history}
        self.heads = aligned(HEAD_BYTES * sum(v.storage in rings for v in flow.views.values()))
        count = len(works)
        lasts: dict[int, list[int]] = {}  # by storage, by row: the last work that touches it
        comes: dict[int, list[int]] = {}  # the first that writes it; of a streamed input: that needs it
        for t, s in stores.items():
            lasts[t] = [-1] * s.stays + [count] * (s.rows - s.stays)
            comes[t] = [count if t in flow.arrivals else -1] * s.rows
        for i in range(count):
            for port in (*works[i].inputs, *works[i].outputs):
                last = lasts[port.storage]
                for low, high in zip(port.low, port.high, strict=True):
                    last[low:high] = [max(i, n) for n in last[low:high]]
        for i in reversed(range(count)):
            for port in works[i].inputs:
                if port.storage in flow.arrivals:
                    for low, high in zip(port.low, port.high, strict=True):
                        comes[port.storage][low:high] = [i] * (high - low)
            for port in works[i].outputs:
                for low, high in zip(port.low, port.high, strict=True):
                    comes[port.storage][low:high] = [i] * (high - low)
        self.arrived_at: dict[int, list[int]] = {}  # streamed input -> by work: rows come before it runs
        for t in flow.arrivals:
            history = stores[t].history
            come = list(accumulate(reversed(comes[t]), min))[::-1]
            self.arrived_at[t] = [sum(f < i for f in come[history:]) for i in range(count + 1)]
            comes[t] = [-1] * history + come[history:]
        change = [self.heads, *[0] * (count + 1)]
        for t, s in stores.items():
            for birth, death in zip(comes[t], lasts[t], strict=True):
                if death > birth:
                    change[birth + 1] += s.slot_bytes
                    change[death + 1] -= s.slot_bytes
        self.crossing = list(accumulate(change[: count + 1]))  # bytes alive between work k-1 and work k
        self._offsets = offsets(stores)
        self._comes = np.array([n for t in stores for n in comes[t]], np.int64)
        self._last = np.array([n for t in stores for n in lasts[t]], np.int64)
        self._size = np.array([s.slot_bytes for s in stores.values() for _ in range(s.rows)], np.int64)
        self._touched: dict[tuple[int, int], Touched] = {}

    def with_scratch(self, sizes: Mapping[int, int]) -> Needs:
        """The same with other bytes of scratch: by work, an index into the choices, -1 being the most."""
        other = copy(self)
        other.scratch = [
            {band: found[sizes[i]] for band, found in of.items()} if i in sizes else self.scratch[i]
            for i, of in enumerate(self.choices)
        ]
        return other

    def lives(self, calls: Sequence[Turn], bands: Bands) -> Lives:
        """Lives over the calls of the whole network."""
        flow, works = self.flow, self.flow.works
        spans = self._spans(calls, 0, len(works), bands)
        touched = {p.storage for w in works for p in (*w.inputs, *w.outputs)} | {*flow.arrivals}
        born: dict[int, list[int | None]] = {}
        dies: dict[int, list[int]] = {}
        for t in touched:
            rows = slice(self._offsets[t], self._offsets[t] + flow.stores[t].rows)
            born[t] = [None if e == NEVER else e for e in spans.born[rows].tolist()]
            dies[t] = spans.dies[rows].tolist()
        states = {i: (int(at[0]), int(at[-1])) for i, at in spans.calls.items() if i >= 0 and self.state[i] > 0}
        givers = [givers_of(flow, i) for i in range(len(works))]
        pairs = {
            e: found
            for e, call in enumerate(calls)
            if call.step >= 0 and givers[call.step]
            for found in [self._pairs(call, e, givers[call.step], born, dies)]
            if found
        }
        return Lives(born, dies, states, pairs, spans.live.tolist())

    def worst(self, calls: Sequence[Turn], start: int, end: int, bands: Bands) -> int:
        """Bytes live at the worst of the calls of works [start, end)."""
        return int(self._spans(calls, start, end, bands).live.max(initial=0))

    def _spans(self, calls: Sequence[Turn], start: int, end: int, bands: Bands) -> _Spans:
        count = len(calls)
        steps = np.fromiter((call.step for call in calls), np.int64, count)
        order = np.argsort(steps, kind="stable")
        bounds = np.searchsorted(steps[order], np.arange(-len(self.flow.arrivals), end + 1))
        of = {i - len(self.flow.arrivals): order[a:b] for i, (a, b) in enumerate(pairwise(bounds.tolist())) if b > a}
        born = np.where(self._comes < start, BEFORE, NEVER)
        dies = np.full(len(born), BEFORE)
        live = np.zeros(count, np.int64)
        change = np.zeros(count + 1, np.int64)
        touched = {i: self._touched_by(i, bands[i]) for i in range(start, end)}
        for i, at in of.items():
            if i < 0:
                t = self.flow.arrivals[-1 - i]
                first = self._offsets[t] + self.flow.stores[t].history + calls[at[0]].row
                born[first : first + len(at)] = dies[first : first + len(at)] = at
        for i, work in touched.items():
            at = of[i]
            dies[work.rows] = np.maximum(dies[work.rows], at[work.last])
            born[work.made] = np.minimum(born[work.made], at[work.first])
            live[at] += aligned(self.scratch[i].get(bands[i], 0))
            if self.state[i] > 0:
                change[at[0]] += aligned(self.state[i])
                change[at[-1] + 1] -= aligned(self.state[i])
        dies[(self._last >= end) & (born != NEVER)] = count
        lives = (born != NEVER) & ~((self._last < start) & (born == BEFORE))
        begins, ends = lives & (born >= 0), lives & (dies < count)
        np.add.at(change, born[begins], self._size[begins])
        np.add.at(change, dies[ends] + 1, -self._size[ends])
        live += self.crossing[start] + np.cumsum(change[:count])
        for i, work in touched.items():
            saved = work.saved(of[i], born, dies)
            if saved is not None:
                live[of[i]] -= saved
        return _Spans(of, born, dies, live)

    def _touched_by(self, i: int, band: int) -> Touched:
        if (i, band) not in self._touched:
            self._touched[i, band] = touched(self.flow, i, band, self._offsets)
        return self._touched[i, band]

    def _pairs(
        self,
        call: Turn,
        e: int,
        givers: Sequence[tuple[Port, int, int]],
        born: Mapping[int, Sequence[int | None]],
        dies: Mapping[int, Sequence[int]],
    ) -> list[Pair]:
        work = self.flow.works[call.step]
        found: list[Pair] = []
        for port, lag, step in givers:
            low, high = port.span(call.row, call.rows)
            ends = dies[port.storage]
            dying = [r for r in range(low, high) if ends[r] == e]
            any_row = call.rows == 1 or (port.overlap is not None and port.overlap.any_row)
            for out in work.outputs if dying else ():
                store = self.flow.stores[out.storage]
                begins = born[out.storage]
                if store.history or lag >= store.slot_bytes:
                    continue
                for y in range(call.row, call.row + call.rows):
                    rows = dying if any_row else [r for r in dying if self._reads_last(port, r, y, call)]
                    for made in range(out.low[y], out.high[y]):
                        if begins[made] == e:
                            found += [Pair((out.storage, made), (port.storage, r), lag, step) for r in rows]
        return found

    @staticmethod
    def _reads_last(port: Port, r: int, y: int, call: Turn) -> bool:
        """Whether row r is read by operator row y and by none below it in the call."""
        low, high = port.low, port.high
        return bool(
            low[y] <= r < high[y] and all(not low[k] <= r < high[k] for k in range(y + 1, call.row + call.rows))
        )
