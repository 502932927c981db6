# SPDX-License-Identifier: Apache-2.0
"""Addresses for rows, scratch and state: the smallest arena that several greedy orders find.

Every item goes to the lowest address that the items already placed leave it. An item is one row, or a block of rows at
fixed distances of which each has its own life, or scratch, which lives in the calls of its step alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt

ALIGNMENT = 4  # bytes; scratch and state hold int32, and row tables count in words
EFFORT = 8_000  # items placed in all orders together, beyond the first two orders

Ints = npt.NDArray[np.int64]


def aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


@dataclass(frozen=True)
class Rect:
    """Bytes at `at` within their item, from call `first` to call `last`, both included."""

    at: int
    bytes: int
    first: int
    last: int


@dataclass(frozen=True)
class Item:
    """What is placed as one.

    Args:
        rects: its parts.
        calls: for scratch: the only calls in which it lives, ascending.
    """

    rects: tuple[Rect, ...]
    calls: tuple[int, ...] = ()

    @property
    def bytes(self) -> int:
        return max(r.at + r.bytes for r in self.rects)

    @property
    def first(self) -> int:
        return min(r.first for r in self.rects)

    @property
    def last(self) -> int:
        return max(r.last for r in self.rects)


@dataclass(frozen=True)
class Share:
    """Rect `made` of item `maker` may lie over rect `dying` of item `giver` at distances of at least lag, by step."""

    maker: int
    made: int
    giver: int
    dying: int
    lag: int
    step: int


class Placer:
    """Places one set of items in any order."""

    def __init__(self, items: Sequence[Item], shares: Sequence[Share]) -> None:
        self.items = items
        self.given = shares
        self.lowest = [0] * len(items)
        self.bytes = [item.bytes for item in items]
        start = 0
        self.slices: list[slice] = []
        for item in items:
            self.slices.append(slice(start, start + len(item.rects)))
            start += len(item.rects)
        rects = [r for item in items for r in item.rects]
        self.at = np.array([r.at for r in rects], np.int64)
        self.size = np.array([r.bytes for r in rects], np.int64)
        self.first = np.array([r.first for r in rects], np.int64)
        self.last = np.array([r.last for r in rects], np.int64)
        self.of = np.array([i for i, item in enumerate(items) for _ in item.rects], np.int64)
        self.scratch = [i for i, item in enumerate(items) if item.calls]
        self.calls = {i: np.array(items[i].calls, np.int64) for i in self.scratch}
        self.is_scratch = np.zeros(len(rects), np.bool_)
        for i in self.scratch:
            self.is_scratch[self.slices[i]] = True
        self.scratch_rects = np.flatnonzero(self.is_scratch)
        self.in_scratch = np.zeros((len(self.scratch), len(rects)), np.bool_)  # by scratch, by rect: they meet
        for row, i in enumerate(self.scratch):
            calls = self.calls[i]
            self.in_scratch[row] = np.searchsorted(calls, self.first) < np.searchsorted(calls, self.last, "right")
        self.shares: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
        for s in shares:
            made = self.slices[s.maker].start + s.made
            dying = self.slices[s.giver].start + s.dying
            self.shares.setdefault((s.maker, s.giver), []).append((made, dying, s.lag, s.step))
        self.neighbours: dict[int, list[tuple[int, int]]] = {}
        for pair in self.shares:
            for i in pair:
                self.neighbours.setdefault(i, []).append(pair)
        self._meets: dict[int, tuple[Ints, Ints]] = {}
        self._conflicts: dict[int, tuple[Ints, Ints, Ints]] = {}

    def raised(self) -> Placer:
        """The same, but blocks begin no lower than the distance at which another row may lie over their first rows."""
        other = copy(self)
        other.lowest = [0] * len(self.items)
        for s in self.given:
            giver = self.items[s.giver]
            if len(giver.rects) > 1:
                other.lowest[s.giver] = max(other.lowest[s.giver], s.lag - giver.rects[s.dying].at)
        return other

    def without_shares(self) -> Placer:
        """The same items, none over another."""
        other = copy(self)
        other.given, other.shares, other.neighbours, other._conflicts = (), {}, {}, {}
        return other

    def meets(self, i: int) -> tuple[Ints, Ints]:
        """(own rect, other rect) of all that live at the same time."""
        if i not in self._meets:
            own: list[Ints] = []
            other: list[Ints] = []
            mine = self.slices[i]
            for k in range(mine.start, mine.stop):
                if self.is_scratch[k]:
                    meets = self.in_scratch[self.scratch.index(i)] & ~self.is_scratch
                else:
                    meets = (self.first <= self.last[k]) & (self.last >= self.first[k])
                    meets[self.scratch_rects] = self.in_scratch[:, k]
                meets[mine] = False
                found = np.flatnonzero(meets)
                other.append(found)
                own.append(np.full(len(found), k))
            self._meets[i] = np.concatenate(own), np.concatenate(other)
        return self._meets[i]

    def conflicts(self, i: int) -> tuple[Ints, Ints, Ints]:
        """(first own rect, last own rect, other rect) of all that live at the same time, shares left out."""
        if i not in self._conflicts:
            mine = self.slices[i]
            mine_all, other_all = self.meets(i)
            exempt = [
                (made, dying) if made in range(mine.start, mine.stop) else (dying, made)
                for pair in self.neighbours.get(i, ())
                for made, dying, _, _ in self.shares[pair]
            ]
            if exempt:
                keys = {a * len(self.of) + b for a, b in exempt}
                keep = ~np.isin(mine_all * len(self.of) + other_all, np.array(sorted(keys)))
                mine_all, other_all = mine_all[keep], other_all[keep]
            self._conflicts[i] = self._runs(mine_all, other_all)
        return self._conflicts[i]

    def _runs(self, own: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
        """(first own rect, last own rect, other rect): own rects that touch each other meet a rect as one."""
        order = np.lexsort((own, other))
        own, other = own[order], other[order]
        if len(own) == 0:
            return own, own, other
        joined = (other[1:] == other[:-1]) & (own[1:] == own[:-1] + 1)
        joined &= self.at[own[1:]] == self.at[own[:-1]] + self.size[own[:-1]]
        starts = np.flatnonzero(np.concatenate([[True], ~joined]))
        ends = np.concatenate([starts[1:] - 1, [len(own) - 1]])
        return own[starts], own[ends], other[starts]

    def run(self, order: Sequence[int]) -> tuple[list[int], int]:
        """An address for every item, and the bytes they span."""
        base = np.full(len(self.items), -1, np.int64)
        end = 0
        for i in order:
            top, bottom, other = self.conflicts(i)
            theirs = base[self.of[other]]
            placed = theirs >= 0
            top, bottom, other, theirs = top[placed], bottom[placed], other[placed], theirs[placed]
            low = theirs + self.at[other] - self.at[bottom] - self.size[bottom]
            high = theirs + self.at[other] + self.size[other] - self.at[top]
            more = [span for pair in self.neighbours.get(i, ()) for span in self._shared(i, pair, base)]
            if more:
                low = np.concatenate([low, np.array([a for a, _ in more], np.int64)])
                high = np.concatenate([high, np.array([b for _, b in more], np.int64)])
            address = _lowest(low, high, self.lowest[i])
            base[i] = address
            end = max(end, address + self.bytes[i])
        return base.tolist(), aligned(end)

    def _shared(self, i: int, pair: tuple[int, int], base: Ints) -> list[tuple[int, int]]:
        """Open intervals in which item i must not begin because of rects that may share bytes at some distances."""
        maker, giver = pair
        fixed = giver if i == maker else maker
        if base[fixed] < 0:
            return []
        found: list[tuple[int, int]] = []
        for made, dying, lag, step in self.shares[pair]:
            size_out, size_in = int(self.size[made]), int(self.size[dying])
            if i == maker:  # address = input - distance
                anchor = int(base[fixed] + self.at[dying] - self.at[made])
                upper = anchor + size_in
                distance = lag
                found.append((anchor - distance, upper))
                while step > 1 and distance < size_out:
                    found.append((anchor - distance - step, anchor - distance))
                    distance += step
            else:
                anchor = int(base[fixed] + self.at[made] - self.at[dying])
                distance = lag
                found.append((anchor - size_in, anchor + distance))
                while step > 1 and distance < size_out:
                    found.append((anchor + distance, anchor + min(distance + step, max(size_out, distance))))
                    distance += step
        return found


def _lowest(low: Ints, high: Ints, address: int) -> int:
    """The lowest address, from this one on, that is in none of the open intervals."""
    above = high > address
    if not above.any():
        return address
    low, high = low[above], high[above]
    order = np.argsort(low)
    ends = np.maximum.accumulate((high[order] + ALIGNMENT - 1) & -ALIGNMENT)
    starts = low[order]
    if starts[0] >= address:
        return address
    gaps = np.flatnonzero(starts[1:] >= ends[:-1])
    return int(ends[gaps[0]] if gaps.size else ends[-1])


def place(items: Sequence[Item], shares: Sequence[Share], bound: int) -> tuple[list[int], int]:
    """An address for every item, and the bytes they span.

    The best of several greedy orders, with and without shares, then improved: items that end at the top, and now and
    then one at random, come first next time. The number of tries depends on the items alone: the same plan on every
    machine.

    Args:
        bound: bytes that no placement can go below: within half a percent of them, the search ends.
    """
    keys: tuple[Callable[[int], tuple[int, ...]], ...] = (
        lambda i: (-items[i].bytes, items[i].first, i),
        lambda i: (items[i].first, -items[i].bytes, i),
        lambda i: (-(items[i].last - items[i].first) * items[i].bytes, items[i].first, i),
        lambda i: (items[i].first - items[i].last, items[i].first, i),
        lambda i: (-items[i].bytes, items[i].first - items[i].last, i),
    )
    enough = bound + bound // 256
    placers = [Placer(items, shares)]
    if shares:
        placers += [placers[0].raised(), placers[0].without_shares()]
    best: tuple[list[int], int] | None = None
    starts: list[tuple[int, Placer, list[int]]] = []
    for placer in placers:
        for key in keys:
            if len(starts) >= 2 and len(starts) * len(items) > EFFORT:
                break
            order = sorted(range(len(items)), key=key)
            result = placer.run(order)
            starts.append((result[1], placer, order))
            if best is None or result[1] < best[1]:
                best = result
                if best[1] <= enough:
                    return best
    assert best is not None
    _, placer, order = min(starts, key=lambda start: start[0])
    random = Random(0)
    current = best
    for _ in range(EFFORT // len(items) - len(starts)):
        top = {i for i, address in enumerate(current[0]) if address + placer.bytes[i] > current[1] - ALIGNMENT}
        if random.random() < 0.5:
            top.add(random.randrange(len(items)))
        candidate = [i for i in order if i in top] + [i for i in order if i not in top]
        result = placer.run(candidate)
        if result[1] <= current[1]:
            current, order = result, candidate
            if result[1] < best[1]:
                best = result
                if best[1] <= enough:
                    break
        elif random.random() < 0.1:
            order = candidate
    return best
