# SPDX-License-Identifier: Apache-2.0
"""One placed plan: segments and bands chosen, every row, scratch and state at its address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from edgesdk.model.plan import Turn
from edgesdk.plan.lives import BEFORE, Lives, Needs
from edgesdk.plan.place import Item, Rect, Share, aligned
from edgesdk.plan.schedule import Bands
from edgesdk.plan.storage import Storage
from edgesdk.plan.walk import walk

MANY_ROWS = 8_000
TABLE_BYTES = 4 * 0xFFFF  # from a map's lowest row to its highest, as far as the firmware's row tables reach

Held = tuple[str, int]
"""What lies in one RAM region: ("rows", storage), ("scratch", work), ("state", work) or ("heads", 0)."""

Solver = Callable[[Sequence[Item], Sequence[Share], int], tuple[list[int], int]]
"""Like `walk`."""


@dataclass(frozen=True)
class Candidate:
    """One placed plan.

    Args:
        cuts: ends of the segments.
        addresses: storage -> address of every row, by row.
        scratch, state: address by work.
        rings: storage with a history -> slots of its ring; `addresses` are those of the first call.
        heads: where the rings' heads lie.
        bytes: of all regions together.
        sizes: by region, in the board's order; empty: all is in the first.
        elsewhere: what is not in the first region -> the index of its region. Addresses count from each region's start.
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
    sizes: tuple[int, ...] = ()
    elsewhere: Mapping[Held, int] = field(default_factory=dict)

    @property
    def segments(self) -> tuple[tuple[int, int], ...]:
        """First work and one past the last, of every segment."""
        return tuple(pairwise((0, *self.cuts)))


@dataclass(frozen=True)
class Parts:
    """What a plan places.

    Args:
        items: by whom they belong to.
        index: (storage, row) -> item of its storage, rect of the item.
        rings: storage with a history -> slots of its ring.
        shares: (made, dying) rows that may share bytes, with the pair's lag and step.
    """

    items: Mapping[Held, Sequence[Item]]
    index: Mapping[tuple[int, int], tuple[int, int]]
    rings: Mapping[int, int]
    shares: Sequence[tuple[tuple[int, int], tuple[int, int], int, int]]


def has_many_rows(needs: Needs) -> bool:
    """Whether a search would take too long: then maps are placed whole."""
    return sum(s.rows for s in needs.flow.stores.values()) > MANY_ROWS


def out_of_reach(needs: Needs, plan: Candidate) -> frozenset[int]:
    """The storages whose rows lie further apart than the firmware's row tables reach."""
    found = set()
    for t, storage in needs.flow.stores.items():
        at = [plan.addresses[t][r] for r in rects_of(storage, plan.lives, t)]
        if at and not storage.contiguous and max(at) - min(at) > TABLE_BYTES:
            found.add(t)
    return frozenset(found)


def placed(needs: Needs, cuts: Sequence[int], bands: Bands, enough: int, solve: Solver = walk) -> Candidate:
    """A plan of these segments and bands, its addresses by `solve`. A placement of `enough` bytes is good enough."""
    calls = needs.flow.calls(cuts, bands)
    lives = needs.lives(calls, bands)
    parts = parts_of(needs, calls, bands, lives)
    bases, total = place_parts(parts, parts.items, enough, solve)
    return Candidate(
        tuple(cuts),
        tuple(bands),
        tuple(calls),
        lives,
        addresses_of(needs, parts, bases),
        {i: found[0] for (kind, i), found in bases.items() if kind == "scratch"},
        {i: found[0] for (kind, i), found in bases.items() if kind == "state"},
        total,
        parts.rings,
        bases["heads", 0][0] if parts.rings else 0,
    )


def parts_of(needs: Needs, calls: Sequence[Turn], bands: Bands, lives: Lives) -> Parts:
    """Rows, scratch and state of these calls as items to place."""
    flow = needs.flow
    whole = has_many_rows(needs)
    items: dict[Held, list[Item]] = {}
    index: dict[tuple[int, int], tuple[int, int]] = {}
    rings = {t: _slots(s, lives, t) for t, s in flow.stores.items() if s.history}
    end = max(0, len(calls) - 1)
    for t, storage in flow.stores.items():
        if t in rings:
            index |= {(t, r): (0, 0) for r in range(storage.rows)}
            items["rows", t] = [Item((Rect(0, rings[t] * storage.slot_bytes, 0, end),))]
            continue
        rects = rects_of(storage, lives, t)
        if storage.contiguous:
            at = [Rect(r * storage.row_bytes, size, first, last) for r, (size, first, last) in rects.items()]
            if at and whole:
                size = storage.rows * storage.row_bytes
                at = [Rect(0, size, min(r.first for r in at), max(r.last for r in at))]
            index |= {(t, r): (0, min(k, len(at) - 1)) for k, r in enumerate(rects)}
            items["rows", t] = [Item(tuple(at))] if at else []
        else:
            index |= {(t, r): (k, 0) for k, r in enumerate(rects)}
            items["rows", t] = [Item((Rect(0, aligned(size), first, last),)) for size, first, last in rects.values()]
    if rings:
        items["heads", 0] = [Item((Rect(0, needs.heads, 0, end),))]
    for i in range(len(flow.works)):
        size = needs.scratch[i].get(bands[i], 0)
        if size > 0:
            own = tuple(e for e, call in enumerate(calls) if call.step == i)
            items["scratch", i] = [Item((Rect(0, aligned(size), own[0], own[-1]),), own)]
        if i in lives.states:
            items["state", i] = [Item((Rect(0, aligned(needs.state[i]), *lives.states[i]),))]
    pairs = () if whole else (pair for call in lives.pairs.values() for pair in call)
    return Parts(items, index, rings, [(p.made, p.dying, p.lag, p.step) for p in pairs])


def place_parts(
    parts: Parts, held: Iterable[Held], enough: int, solve: Solver = walk
) -> tuple[Mapping[Held, Sequence[int]], int]:
    """Addresses of the items of `held`, as if there were nothing else, and the bytes they span."""
    start: dict[Held, int] = {}
    items: list[Item] = []
    for key in held:
        start[key] = len(items)
        items += parts.items[key]
    shares = []
    for made, dying, lag, step in parts.shares:
        a, b = start.get(("rows", made[0])), start.get(("rows", dying[0]))
        if a is not None and b is not None:
            (i, rect), (k, other) = parts.index[made], parts.index[dying]
            shares.append(Share(a + i, rect, b + k, other, lag, step))
    bases, total = solve(items, shares, enough) if items else ([], 0)
    return {key: bases[at : at + len(parts.items[key])] for key, at in start.items()}, total


def addresses_of(needs: Needs, parts: Parts, bases: Mapping[Held, Sequence[int]]) -> Mapping[int, Sequence[int]]:
    """Storage -> address of every row; 0 for rows that never exist."""
    addresses: dict[int, list[int]] = {}
    for t, storage in needs.flow.stores.items():
        addresses[t] = [0] * storage.rows
        for r in range(storage.rows):
            if (t, r) in parts.index:
                base = bases["rows", t][parts.index[t, r][0]]
                within = r * storage.row_bytes if storage.contiguous else 0
                if t in parts.rings:
                    within = (r - storage.history) % parts.rings[t] * storage.slot_bytes
                addresses[t][r] = base + within
    return addresses


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
