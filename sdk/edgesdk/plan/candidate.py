# SPDX-License-Identifier: Apache-2.0
"""One placed plan: segments and bands chosen, every row, scratch and state at its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from edgesdk.model.plan import Turn
from edgesdk.plan.lives import BEFORE, Lives, Needs
from edgesdk.plan.place import Item, Rect, Share, aligned, place
from edgesdk.plan.schedule import Bands
from edgesdk.plan.storage import Storage

MANY_ROWS = 8_000
HEAD_BYTES = 2


@dataclass(frozen=True)
class Candidate:
    """One placed plan.

    Args:
        cuts: ends of the segments.
        addresses: storage -> address of every row, by row.
        scratch, state: address by work.
        rings: storage with a history -> slots of its ring; `addresses` are those of the first call.
        heads: where the rings' heads lie.
    """

    cuts: tuple[int, ...]
    bands: tuple[int, ...]
    calls: tuple[Turn, ...]
    lives: Lives
    addresses: Mapping[int, Sequence[int]]
    scratch: Mapping[int, int]
    state: Mapping[int, int]
    bytes: int
    rings: Mapping[int, int]
    heads: int

    @property
    def segments(self) -> tuple[tuple[int, int], ...]:
        """First work and one past the last, of every segment."""
        return tuple(pairwise((0, *self.cuts)))


def has_many_rows(needs: Needs) -> bool:
    """Whether a search would take too long: then maps are placed whole."""
    return sum(s.rows for s in needs.flow.stores.values()) > MANY_ROWS


def placed(needs: Needs, cuts: Sequence[int], bands: Bands, bound: int) -> Candidate:
    """A plan of these segments and bands. A placement of `bound` bytes is good enough."""
    flow = needs.flow
    calls = flow.calls(cuts, bands)
    lives = needs.lives(calls, 0, len(flow.works), bands)
    items: list[Item] = []
    index: dict[tuple[int, int], tuple[int, int]] = {}  # (storage, row) -> item, rect
    rings = {t: _slots(s, lives, t) for t, s in flow.stores.items() if s.history}
    end = max(0, len(calls) - 1)
    for t, storage in flow.stores.items():
        if t in rings:
            index |= {(t, r): (len(items), 0) for r in range(storage.rows)}
            items.append(Item((Rect(0, rings[t] * storage.slot_bytes, 0, end),)))
            continue
        rects = rects_of(storage, lives, t)
        if storage.contiguous:
            at = [Rect(r * storage.row_bytes, size, first, last) for r, (size, first, last) in rects.items()]
            if at and has_many_rows(needs):
                size = storage.rows * storage.row_bytes
                at = [Rect(0, size, min(r.first for r in at), max(r.last for r in at))]
            index |= {(t, r): (len(items), min(k, len(at) - 1)) for k, r in enumerate(rects)}
            if at:
                items.append(Item(tuple(at)))
        else:
            for r, (size, first, last) in rects.items():
                index[t, r] = (len(items), 0)
                items.append(Item((Rect(0, aligned(size), first, last),)))
    extra: dict[tuple[str, int], int] = {}
    if rings:
        extra["heads", 0] = len(items)
        names = sum(v.storage in rings for v in flow.views.values())
        items.append(Item((Rect(0, aligned(HEAD_BYTES * names), 0, end),)))
    for i in range(len(flow.works)):
        size = needs.scratch[i].get(bands[i], 0)
        if size > 0:
            own = tuple(e for e, call in enumerate(calls) if call.step == i)
            extra["scratch", i] = len(items)
            items.append(Item((Rect(0, aligned(size), own[0], own[-1]),), own))
        if i in lives.states:
            extra["state", i] = len(items)
            items.append(Item((Rect(0, aligned(needs.state[i]), *lives.states[i]),)))
    pairs = () if has_many_rows(needs) else (pair for call in lives.pairs.values() for pair in call)
    shares = [Share(*index[p.made], *index[p.dying], p.lag, p.step) for p in pairs]
    bases, total = place(items, shares, bound) if items else ([], 0)
    addresses: dict[int, list[int]] = {}
    for t, storage in flow.stores.items():
        addresses[t] = [0] * storage.rows
        for r in range(storage.rows):
            if (t, r) in index:
                item = index[t, r][0]
                place_in = r * storage.row_bytes if storage.contiguous else 0
                if t in rings:
                    place_in = (r - storage.history) % rings[t] * storage.slot_bytes
                addresses[t][r] = bases[item] + place_in
    return Candidate(
        tuple(cuts),
        tuple(bands),
        tuple(calls),
        lives,
        addresses,
        {i: bases[k] for (kind, i), k in extra.items() if kind == "scratch"},
        {i: bases[k] for (kind, i), k in extra.items() if kind == "state"},
        total,
        rings,
        bases[extra["heads", 0]] if rings else 0,
    )


def _slots(storage: Storage, lives: Lives, t: int) -> int:
    """The fewest slots in which no row is written onto one that is still needed; whole calls where the application sees
    the rows in one piece."""
    born, dies = lives.born.get(t), lives.dies.get(t)
    new = storage.rows - storage.history
    slots = storage.rows
    if born is not None and dies is not None:

        def free(n: int) -> bool:
            later = zip(dies, born[n:], strict=False)
            return all(first is not None and last < first for last, first in later)

        slots = next(n for n in range(storage.history + 1, storage.rows + 1) if free(n))
    return -(-slots // new) * new if storage.contiguous else slots


def rects_of(storage: Storage, lives: Lives, t: int) -> dict[int, tuple[int, int, int]]:
    """Row -> (bytes, first call, last call), of the rows that exist. A storage that no call touches lives throughout:
    the application may read or write it."""
    if t not in lives.born:
        end = max(0, len(lives.live) - 1)
        return dict.fromkeys(range(storage.rows), (storage.row_bytes, 0, end))
    found = {}
    for r, (born, dies) in enumerate(zip(lives.born[t], lives.dies[t], strict=True)):
        if born is not None:
            first = 0 if born == BEFORE else born
            found[r] = (storage.row_bytes, first, max(first, min(dies, max(0, len(lives.live) - 1))))
    return found
