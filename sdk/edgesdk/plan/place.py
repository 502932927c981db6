# SPDX-License-Identifier: Apache-2.0
"""Addresses for rows, scratch and state, placed in a given order.

Every item goes to the lowest address that the items already placed leave it. An item is one row, or a block of rows at
fixed distances of which each has its own life, or scratch, which lives in the calls of its step alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ALIGNMENT = 4  # bytes; scratch and state hold int32, and row tables count in words
NOWHERE = -(1 << 40)  # an address so far down that nothing there is in the way

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
        self.shares = shares
        self.lowest = [0] * len(items)
        self.bytes = [item.bytes for item in items]
        start = 0
        self._slices: list[slice] = []
        for item in items:
            self._slices.append(slice(start, start + len(item.rects)))
            start += len(item.rects)
        rects = [r for item in items for r in item.rects]
        self._at = np.array([r.at for r in rects], np.int64)
        self._size = np.array([r.bytes for r in rects], np.int64)
        self._first = np.array([r.first for r in rects], np.int64)
        self._last = np.array([r.last for r in rects], np.int64)
        self._of = np.array([i for i, item in enumerate(items) for _ in item.rects], np.int64)
        scratch = [i for i, item in enumerate(items) if item.calls]
        self._scratch = {i: row for row, i in enumerate(scratch)}
        self._in_scratch = np.zeros((len(scratch), len(rects)), np.bool_)  # by scratch, by rect: they meet
        for row, i in enumerate(scratch):
            calls = np.array(items[i].calls, np.int64)
            self._in_scratch[row] = np.searchsorted(calls, self._first) < np.searchsorted(calls, self._last, "right")
        self._scratch_rects = np.array([self._slices[i].start for i in scratch], np.int64)
        self._shared: dict[int, list[Share]] = {}
        for s in shares:
            self._shared.setdefault(s.maker, []).append(s)
            self._shared.setdefault(s.giver, []).append(s)
        self._forbidden: dict[int, tuple[Ints, Ints, Ints]] = {}

    def raised(self) -> Placer:
        """The same, but blocks begin no lower than the distance at which another row may lie over their first rows."""
        other = copy(self)
        other.lowest = [0] * len(self.items)
        for s in self.shares:
            giver = self.items[s.giver]
            if len(giver.rects) > 1:
                other.lowest[s.giver] = max(other.lowest[s.giver], aligned(s.lag - giver.rects[s.dying].at))
        return other

    def without_shares(self) -> Placer:
        """The same items, none over another."""
        other = copy(self)
        other.shares, other._shared, other._forbidden = (), {}, {}
        return other

    def run(self, order: Sequence[int]) -> tuple[list[int], int]:
        """An address for every item, and the bytes they span."""
        base = np.full(len(self.items), NOWHERE, np.int64)
        end = 0
        for i in order:
            other, low, high = self.forbidden(i)
            theirs = base[other]
            address = _lowest(theirs + low, theirs + high, self.lowest[i])
            base[i] = address
            end = max(end, address + self.bytes[i])
        return base.tolist(), aligned(end)

    def forbidden(self, i: int) -> tuple[Ints, Ints, Ints]:
        """(other item, low, high): this far from the other's address, bounds excluded, item i must not begin."""
        if i not in self._forbidden:
            own, theirs = self._meets(i)
            low = self._at[theirs] - self._at[own] - self._size[own]
            high = self._at[theirs] + self._size[theirs] - self._at[own]
            other = self._of[theirs]
            more = [(other, *span) for share in self._shared.get(i, ()) for other, span in self._at_shares(i, share)]
            if more:
                spans = np.array(more, np.int64)
                other, low, high = (np.concatenate(pair) for pair in zip((other, low, high), spans.T, strict=True))
            self._forbidden[i] = _joined(other, low, (high + ALIGNMENT - 1) & -ALIGNMENT)
        return self._forbidden[i]

    def _meets(self, i: int) -> tuple[Ints, Ints]:
        """(own rect, other rect) of all that live at the same time, shares left out."""
        own: list[Ints] = []
        other: list[Ints] = []
        mine = self._slices[i]
        shared: dict[int, list[int]] = {}
        for s in self._shared.get(i, ()):
            made, dying = self._slices[s.maker].start + s.made, self._slices[s.giver].start + s.dying
            a, b = (made, dying) if s.maker == i else (dying, made)
            shared.setdefault(a, []).append(b)
        for k in range(mine.start, mine.stop):
            if i in self._scratch:
                meets = self._in_scratch[self._scratch[i]].copy()
                meets[self._scratch_rects] = False
            else:
                meets = (self._first <= self._last[k]) & (self._last >= self._first[k])
                meets[self._scratch_rects] = self._in_scratch[:, k]
            meets[mine] = False
            meets[shared.get(k, [])] = False
            found = np.flatnonzero(meets)
            other.append(found)
            own.append(np.full(len(found), k))
        return np.concatenate(own), np.concatenate(other)

    def _at_shares(self, i: int, share: Share) -> Iterator[tuple[int, tuple[int, int]]]:
        """(other item, bounds) between which item i must not begin: all but the legal distances of two rects."""
        made = self.items[share.maker].rects[share.made]
        dying = self.items[share.giver].rects[share.dying]
        distances = range(share.lag, made.bytes, share.step) if share.step > 1 else ()
        if i == share.maker:  # its address = the other's - distance
            anchor = dying.at - made.at
            yield share.giver, (anchor - share.lag, anchor + dying.bytes)
            for distance in distances:
                yield share.giver, (anchor - distance - share.step, anchor - distance)
        else:
            anchor = made.at - dying.at
            yield share.maker, (anchor - dying.bytes, anchor + share.lag)
            for distance in distances:
                yield share.maker, (anchor + distance, anchor + min(distance + share.step, made.bytes))


def _joined(other: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints, Ints]:
    """The same open intervals, those of one item that overlap as one."""
    apart = other * -2 * NOWHERE  # intervals of two items are too far from each other to overlap
    order = np.argsort(apart + low)
    low, high = (apart + low)[order], np.maximum.accumulate((apart + high)[order])
    starts = np.flatnonzero(np.concatenate([[True], low[1:] >= high[:-1]])[: len(order)])
    ends = np.append(starts[1:], len(order))[: len(starts)] - 1
    other, apart = other[order][starts], apart[order][starts]
    return other, low[starts] - apart, high[ends] - apart


def _lowest(low: Ints, high: Ints, address: int) -> int:
    """The lowest address, from this one on, that is in none of the open intervals. Their ends are aligned."""
    above = high > address
    low, high = low[above], high[above]
    if len(low) == 0:
        return address
    order = low.argsort()
    starts = low[order]
    if starts[0] >= address:
        return address
    ends = np.maximum.accumulate(high[order])
    gaps = starts[1:] >= ends[:-1]
    first = int(gaps.argmax()) if len(gaps) else 0
    return int(ends[first] if len(gaps) and gaps[first] else ends[-1])
