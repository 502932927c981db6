# SPDX-License-Identifier: Apache-2.0
"""Placement solved exactly, for few items: the smallest arena, by search over which of two items lies below."""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.plan.effort import Effort, OutOfEffort
from edgesdk.plan.orders import Orders, Run
from edgesdk.plan.place import ALIGNMENT, Item, Rect, Share


class Packing:
    """Items and shares in words.

    Args:
        words: by item.
        runs: of distances that are forbidden.
        live: bytes at the worst call.
    """

    def __init__(self, items: Sequence[Item], shares: Sequence[Share]) -> None:
        self.words = [_up(item.bytes) for item in items]
        self.runs: list[Run] = []
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
                self.runs += [(i, j, below, above) for below, above in _runs(taken)]
        made = {(s.maker, s.made) for s in shares}
        self.live = max(
            sum(_held(item, i, e, made, alive[i]) for i, item in enumerate(items))
            for e in range(max(item.last for item in items) + 1)
        )

    def least(self, low: int, high: int, effort: Effort, *, first: bool = False) -> tuple[list[int] | None, int]:
        """Addresses of the smallest arena below `high` bytes, or of the smallest that the effort finds, None where it
        finds none; and bytes no arena goes below.

        Args:
            low: bytes that no arena can go below.
            first: whether any arena below `high` will do.
        """
        least, top = _up(max(low, self.live)), _up(high)
        words = top - 1 if first else least
        best: list[int] | None = None
        orders = Orders(self.words, self.runs, effort)
        share = effort.left // 2  # after which an arena of the first size is given up, one of a later after half that
        later = share // 2
        ahead = 1
        # a tight arena leaves little choice: it is often filled sooner than a wide one
        while best is None and words < top and effort.left > later:
            part = Effort(effort.left if first else share)
            effort.left -= part.left
            orders = Orders(self.words, self.runs, part)
            try:
                best = orders.fit(words)
                if best is None:
                    least = words = words + 1
            except OutOfEffort:
                words += ahead
                ahead *= 2
                share = later
            effort.left += max(0, part.left)
        try:
            if best is None:
                orders = Orders(self.words, self.runs, effort)
            orders.effort = effort
            while not first:
                top = top if best is None else max(a + size for a, size in zip(best, self.words, strict=True))
                found = orders.fit(top - 1) if top > least else None
                if found is None:
                    least = top
                    break
                best = found
        except OutOfEffort:
            pass
        return best and [a * ALIGNMENT for a in best], min(least * ALIGNMENT, high)


def _up(size: int) -> int:
    return -(-size // ALIGNMENT)


def _calls(item: Item, rect: Rect) -> frozenset[int]:
    return frozenset(item.calls or range(rect.first, rect.last + 1))


def _held(item: Item, i: int, e: int, made: set[tuple[int, int]], alive: Sequence[frozenset[int]]) -> int:
    """Bytes of an item's longest piece at call e, rects left out that may lie over others there."""
    best = end = 0
    start = -1
    for k, rect in enumerate(item.rects):
        if e not in alive[k] or (rect.first == e and (i, k) in made):
            continue
        if start < 0 or rect.at != end:
            start = rect.at
        end = rect.at + rect.bytes
        best = max(best, end - start)
    return best


def _taken(mine: Rect, theirs: Rect, legal: Sequence[tuple[int, int, int]]) -> set[int]:
    """Words from the one item's address to the other's at which the two rects may not lie."""
    shift = theirs.at - mine.at
    low = (-theirs.bytes - shift) // ALIGNMENT + 1
    high = -(-(mine.bytes - shift) // ALIGNMENT)

    def shared(d: int) -> bool:
        distance = d * ALIGNMENT + shift
        return all(sign * distance >= lag and (sign * distance - lag) % step == 0 for sign, lag, step in legal)

    return {d for d in range(low, high) if not (legal and shared(d))}


def _runs(taken: set[int]) -> list[tuple[int, int]]:
    """(last before, first behind) every run of the distances."""
    starts = sorted(d - 1 for d in taken if d - 1 not in taken)
    return list(zip(starts, sorted(d + 1 for d in taken if d + 1 not in taken), strict=True))
