# SPDX-License-Identifier: Apache-2.0
"""Placement solved exactly, for few items: whether they fit into an arena of so many words, by complete search.

In a placement whose addresses sum to the least, no set of items can move down together. So its items can be put in an
order in which each begins at 0 or directly above what an item before it forbids: only such addresses are tried, and
an item that is not put at one of them now never lies there. Addresses are bits of integers, a bit a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from edgesdk.plan.place import ALIGNMENT, Item, Rect, Share

RESTART = 20  # items looked at, by item, before the search begins anew, and half as many more each time


@dataclass
class Effort:
    """What a search may still spend: about an item looked at a unit, never a matter of time."""

    left: int

    def spend(self, units: int) -> None:
        """Raises:
        OutOfEffort: nothing is left.
        """
        self.left -= units
        if self.left < 0:
            raise OutOfEffort


class OutOfEffort(Exception):
    """The search ended before it knew."""


class Packing:
    """Items and shares in words.

    Args:
        words: by item.
        together: (item, at, bytes)s that lie apart at some call: most of what lives there.
        forbidden: by item: (other item, mask, low): bit k of the mask forbids the other low + k words above the item.
    """

    def __init__(self, items: Sequence[Item], shares: Sequence[Share]) -> None:
        self.items = items
        self.words = [_up(item.bytes) for item in items]
        self.forbidden: list[list[tuple[int, int, int]]] = [[] for _ in items]
        paired: dict[tuple[int, int, int, int], list[tuple[int, int]]] = {}
        for s in shares:
            paired.setdefault((s.maker, s.made, s.giver, s.dying), []).append((s.lag, s.step))
        alive = [[_calls(item, rect) for rect in item.rects] for item in items]
        for i, a in enumerate(items):
            for j in range(i + 1, len(items)):
                b = items[j]
                if a.first > b.last or b.first > a.last or (a.calls and b.calls):
                    continue  # scratch is of one step: two are never there in one call
                taken: set[int] = set()
                for p, mine in enumerate(a.rects):
                    for q, theirs in enumerate(b.rects):
                        if not alive[i][p].isdisjoint(alive[j][q]):
                            legal = [(1, *rule) for rule in paired.get((i, p, j, q), ())]
                            legal += [(-1, *rule) for rule in paired.get((j, q, i, p), ())]
                            taken |= _taken(mine, theirs, legal)
                if taken:
                    low, high = min(taken), max(taken)
                    self.forbidden[i].append((j, sum(1 << (d - low) for d in taken), low))
                    self.forbidden[j].append((i, sum(1 << (high - d) for d in taken), -high))
        made = {(s.maker, s.made) for s in shares}
        parts: dict[frozenset[tuple[int, int, int]], None] = {}
        for e in range(max(item.last for item in items) + 1):
            held = ((i, _held(item, i, e, made, alive[i])) for i, item in enumerate(items))
            parts[frozenset((i, *part) for i, part in held if part[1] > 0)] = None
        whole = [{(i, at, size) for i, at, size in there} for there in parts]
        self.together = [sorted(there) for there in whole if not any(there < other for other in whole)]
        self.there: list[list[tuple[int, int, int]]] = [[] for _ in items]  # by item: (index in together, at, bytes)
        for k, there in enumerate(self.together):
            for i, at, size in there:
                self.there[i].append((k, at, size))

    def least(self, low: int, high: int, effort: Effort) -> tuple[list[int] | None, int]:
        """Addresses of the smallest arena below `high` bytes, None where there is none, and bytes no arena goes below.

        Args:
            low: bytes that no arena can go below.
        """
        words, proven, top = _up(low), _up(low), _up(high)
        while words < top:
            part = Effort(effort.left // 2)
            effort.left -= part.left
            try:
                found = _Search(self, words, part).run()
            except OutOfEffort:  # an arena in between may be found
                words += 1 + (top - words) // 4
                continue
            finally:
                effort.left += max(0, part.left)
            if found is not None:
                return [a * ALIGNMENT for a in found], proven * ALIGNMENT
            words = proven = words + 1
        return None, min(proven * ALIGNMENT, high)


class _Search:
    def __init__(self, packing: Packing, words: int, effort: Effort) -> None:
        self.packing = packing
        self.words = words
        self.total = effort
        self.weight = [1] * len(packing.items)  # of an item: how often nothing was left for it
        self.random: Random | None = None
        self._begin()

    def _begin(self) -> None:
        packing, words = self.packing, self.words
        self.free = [(1 << max(0, words - w + 1)) - 1 for w in packing.words]  # not forbidden by what is placed
        self.kept = list(self.free)  # not ruled out by an earlier choice
        self.address = [-1] * len(packing.items)
        self.room = [(1 << words * ALIGNMENT) - 1] * len(packing.together)

    def run(self) -> list[int] | None:
        """An address in words for every item; None where they do not fit.

        Raises:
            OutOfEffort: the search ended before it knew.
        """
        if not all(self.free) or any(not self._fits(k) for k in range(len(self.room))):
            return None
        spell = RESTART * len(self.packing.items)
        while True:
            self.effort = Effort(min(spell, self.total.left + 1))
            self.total.spend(self.effort.left)
            try:
                return list(self.address) if self._solve(list(range(len(self.address)))) else None
            except OutOfEffort:  # again, with the weights learnt
                spell += spell // 2
                self.random = Random(spell) if self.random is None else None
                self._begin()

    def _solve(self, rest: list[int]) -> bool:
        """Depth first, on a stack of its own: (rest, item, addresses to try, changes to undo)."""
        stack: list[tuple[list[int], int, list[int], list[tuple[list[int], int, int]]]] = []
        while True:
            picked = self._pick(rest) if rest else None
            if not rest:
                return True
            if picked is not None:
                i, starts = picked
                stack.append((rest, i, starts, []))
            while True:  # the next choice at the deepest place that has one
                if not stack:
                    return False
                rest, i, starts, undo = stack[-1]
                self._restore(undo)
                self.address[i] = -1
                if starts:
                    a = starts.pop(0)
                    if self._put(i, a, undo):
                        rest = [k for k in rest if k != i]
                        break
                    continue
                stack.pop()
                # none of the addresses: the item waits until others have moved its lowest ones
                ruled_out = self._starts(i)
                if stack:
                    stack[-1][3].append((self.kept, i, self.kept[i]))
                self.kept[i] &= ~ruled_out
                if self.free[i] & self.kept[i]:
                    break
                self.weight[i] += 1

    def _pick(self, rest: list[int]) -> tuple[int, list[int]] | None:
        """The item with the fewest addresses left that can be placed now, and where."""
        self.effort.spend(len(rest))
        best: tuple[float, int] | None = None
        for i in rest:
            if self._starts(i):
                score = (self.free[i] & self.kept[i]).bit_count() / self.weight[i]
                if best is None or score < best[0]:
                    best = score, i
        if best is None:
            return None
        starts = _bits(self._starts(best[1]))
        if self.random is not None:
            self.random.shuffle(starts)
        return best[1], starts

    def _starts(self, i: int) -> int:
        return self.free[i] & ~(self.free[i] << 1) & self.kept[i]

    def _put(self, i: int, a: int, undo: list[tuple[list[int], int, int]]) -> bool:
        packing, free = self.packing, self.free
        self.address[i] = a
        for j, mask, low in packing.forbidden[i]:
            if self.address[j] < 0:
                at = a + low
                left = free[j] & ~(mask << at if at >= 0 else mask >> -at)
                if left != free[j]:
                    undo.append((free, j, free[j]))
                    free[j] = left
                    if not left & self.kept[j]:
                        self.weight[j] += 1
                        return False
        for k, at, size in packing.there[i]:
            undo.append((self.room, k, self.room[k]))
            self.room[k] &= ~(((1 << size) - 1) << (a * ALIGNMENT + at))
            if not self._fits(k):
                self.weight[i] += 1
                return False
        return True

    def _fits(self, k: int) -> bool:
        """Whether what is still to be placed at a call could fill its gaps: each holds at most a sum of some sizes."""
        sums, need = 1, 0
        for j, _, size in self.packing.together[k]:
            if self.address[j] < 0:
                sums |= sums << size
                need += size
        gaps = self.room[k]
        while gaps and need > 0:
            low = gaps & -gaps
            above = gaps + low
            length = (above & -above).bit_length() - low.bit_length()
            need -= (sums & ((2 << length) - 1)).bit_length() - 1
            gaps &= above
        return need <= 0

    @staticmethod
    def _restore(undo: list[tuple[list[int], int, int]]) -> None:
        while undo:
            values, k, value = undo.pop()
            values[k] = value


def _up(size: int) -> int:
    return -(-size // ALIGNMENT)


def _calls(item: Item, rect: Rect) -> frozenset[int]:
    return frozenset(item.calls or range(rect.first, rect.last + 1))


def _held(item: Item, i: int, e: int, made: set[tuple[int, int]], alive: Sequence[frozenset[int]]) -> tuple[int, int]:
    """(at, bytes) of an item's longest piece at call e, rects left out that may lie over others there."""
    best = at = end = 0
    start = -1
    for k, rect in enumerate(item.rects):
        if e not in alive[k] or (rect.first == e and (i, k) in made):
            continue
        if start < 0 or rect.at != end:
            start = rect.at
        end = rect.at + rect.bytes
        if end - start > best:
            at, best = start, end - start
    return at, best


def _taken(mine: Rect, theirs: Rect, legal: Sequence[tuple[int, int, int]]) -> set[int]:
    """Words from the one item's address to the other's at which the two rects may not lie."""
    shift = theirs.at - mine.at
    low = (-theirs.bytes - shift) // ALIGNMENT + 1
    high = -(-(mine.bytes - shift) // ALIGNMENT)

    def shared(d: int) -> bool:
        distance = d * ALIGNMENT + shift
        return all(sign * distance >= lag and (sign * distance - lag) % step == 0 for sign, lag, step in legal)

    return {d for d in range(low, high) if not (legal and shared(d))}


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
