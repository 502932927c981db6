# SPDX-License-Identifier: Apache-2.0
"""An arena over several RAM regions: what is touched most, byte for byte, goes to the first, which is the fastest.

A map lies in one region, scratch and state wherever they fit; rows share bytes only within a region. An arena that the
first region holds stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from edgesdk.plan.candidate import Candidate, Held, Parts, addresses_of, parts_of, place_parts
from edgesdk.plan.lives import Lives, Needs, Pair

Bytes = npt.NDArray[np.int64]
"""By call."""


@dataclass(frozen=True)
class Region:
    """RAM that arenas may lie in, and how many bytes of it are free for one: a whole address space, unless said."""

    name: str
    bytes: int = 1 << 32


def spread(needs: Needs, plan: Candidate, regions: Sequence[Region]) -> Candidate:
    """The plan over these regions, fastest first. What fits none of them is in the last."""
    room = [max(0, region.bytes) for region in regions]
    if len(room) < 2 or plan.bytes <= room[0]:
        return plan
    parts = parts_of(needs, plan.calls, plan.bands, plan.lives)
    load = {key: _load(parts, key, len(plan.calls)) for key in parts.items}
    most = {key: int(load[key].max()) for key in load}
    heat = _accesses(needs, plan)
    orders: tuple[Callable[[Held], tuple[float, ...]], ...] = (
        lambda key: (key[0] == "rows", -heat.get(key, 0) / max(1, most[key])),
        lambda key: (-most[key],),  # so that large maps find room at all
    )
    found = []
    for order in orders:
        found.append(_over(needs, plan, parts, load, sorted(load, key=order), room))
        if found[-1].sizes[-1] <= room[-1]:
            return found[-1]
    return min(found, key=lambda other: other.sizes[-1])


def far_accesses(needs: Needs, plan: Candidate, regions: Sequence[Region]) -> tuple[int, int]:
    """Bytes that the last region lacks; then bytes of rows that the calls read and write outside the first."""
    sizes = plan.sizes or (plan.bytes, *(0 for _ in regions[1:]))
    far = sum(size for key, size in _accesses(needs, plan).items() if plan.elsewhere.get(key, 0) > 0)
    return max(0, sizes[-1] - regions[-1].bytes), far


def one_behind_another(plan: Candidate) -> Candidate:
    """The plan with its regions in one address space, each where the one before it ends."""
    start = [sum(plan.sizes[:k]) for k in range(len(plan.sizes))] or [0]

    def moved(kind: str, i: int) -> int:
        return start[plan.elsewhere.get((kind, i), 0)]

    return replace(
        plan,
        addresses={t: [a + moved("rows", t) for a in rows] for t, rows in plan.addresses.items()},
        scratch={i: a + moved("scratch", i) for i, a in plan.scratch.items()},
        state={i: a + moved("state", i) for i, a in plan.state.items()},
        heads=plan.heads + moved("heads", 0),
    )


def _over(
    needs: Needs,
    plan: Candidate,
    parts: Parts,
    load: Mapping[Held, Bytes],
    order: Sequence[Held],
    room: Sequence[int],
) -> Candidate:
    """Every region filled in turn, in this order; the rest in the last."""
    shared = _shared(needs, plan.lives)
    elsewhere: dict[Held, int] = {}
    bases: dict[Held, Sequence[int]] = {}
    sizes: list[int] = []
    rest = list(order)
    for k, capacity in enumerate(room):
        here, found, size = _filled(parts, load, shared, rest, capacity if k < len(room) - 1 else None)
        bases |= found
        sizes.append(size)
        elsewhere |= dict.fromkeys(here, k) if k > 0 else {}
        rest = [key for key in rest if key not in here]
    return replace(
        plan,
        lives=_apart(needs, plan.lives, elsewhere),
        addresses=addresses_of(needs, parts, bases),
        scratch={i: base[0] for (kind, i), base in bases.items() if kind == "scratch"},
        state={i: base[0] for (kind, i), base in bases.items() if kind == "state"},
        heads=bases["heads", 0][0] if parts.rings else 0,
        bytes=sum(sizes),
        sizes=tuple(sizes),
        elsewhere=elsewhere,
    )


def _filled(
    parts: Parts,
    load: Mapping[Held, Bytes],
    shared: Mapping[Held, Mapping[Held, Bytes]],
    order: Sequence[Held],
    capacity: int | None,
) -> tuple[set[Held], Mapping[Held, Sequence[int]], int]:
    """What goes into a region of so many bytes, its addresses, and the bytes they span.

    By bytes live at every call first; where no placement of that is found, with less room.
    """
    room, tries = capacity, 0
    while True:
        here: set[Held] = set()
        total: Bytes = np.zeros_like(next(iter(load.values())))
        for key in order:
            more = total + load[key]
            for other, saved in shared.get(key, {}).items():
                if other in here:
                    more -= saved
            if room is None or more.max() <= room:
                here.add(key)
                total = more
        keys = [key for key in parts.items if key in here]  # in one order, whatever the heat
        bases, size = place_parts(parts, keys, int(total.max()) if capacity is None else capacity * 256 // 257)
        if capacity is None or room is None or size <= capacity:
            return here, bases, size
        tries += 1
        room -= max(size - capacity, tries * (capacity // 64), 1)


def _load(parts: Parts, key: Held, calls: int) -> Bytes:
    """Bytes of it that live, by call."""
    change = np.zeros(max(1, calls) + 1, np.int64)
    for item in parts.items[key]:
        for rect in item.rects:
            spans = [(e, e) for e in item.calls] or [(rect.first, rect.last)]
            for first, last in spans:
                change[first] += rect.bytes
                change[last + 1] -= rect.bytes
    return np.cumsum(change)[:-1]


def _accesses(needs: Needs, plan: Candidate) -> Mapping[Held, int]:
    """Bytes of the rows that the calls read and write. (Scratch and state go first anyway: calls touch them over and
    over.)"""
    flow = needs.flow
    found: dict[Held, int] = {}
    for call in plan.calls:
        if call.step < 0:
            touched = [(flow.arrivals[-1 - call.step], 1)]
        else:
            work = flow.works[call.step]
            spans = [(port.storage, port.span(call.row, call.rows)) for port in (*work.inputs, *work.outputs)]
            touched = [(t, high - low) for t, (low, high) in spans]
        for t, rows in touched:
            found["rows", t] = found.get(("rows", t), 0) + rows * flow.stores[t].row_bytes
    return found


def _saved(needs: Needs, pairs: Sequence[Pair]) -> Mapping[tuple[int, int], int]:
    """(storage made, storage dying) -> the most bytes that the pairs of one call let them share."""
    stores = needs.flow.stores
    rows: dict[tuple[tuple[int, int], int, int], set[int]] = {}
    for p in pairs:
        rows.setdefault((p.made, p.dying[0], p.lag), set()).add(p.dying[1])
    found: dict[tuple[int, int], int] = {}
    for (made, dying, lag), over in rows.items():
        size = stores[made[0]].slot_bytes
        most = max(0, min(size - lag, len(over) * stores[dying].slot_bytes))
        found[made[0], dying] = found.get((made[0], dying), 0) + most
    return found


def _shared(needs: Needs, lives: Lives) -> Mapping[Held, Mapping[Held, Bytes]]:
    """Bytes that two storages can share, by call."""
    found: dict[Held, dict[Held, Bytes]] = {}
    for e, pairs in lives.pairs.items():
        for (made, dying), most in _saved(needs, pairs).items():
            for a, b in {(made, dying), (dying, made)}:
                saved = found.setdefault(("rows", a), {}).setdefault(("rows", b), np.zeros(len(lives.live), np.int64))
                saved[e] += most
    return found


def _apart(needs: Needs, lives: Lives, elsewhere: Mapping[Held, int]) -> Lives:
    """The same lives without pairs over two regions, whose bytes count twice."""
    live, pairs = list(lives.live), {}
    for e, found in lives.pairs.items():
        here = [p for p in found if elsewhere.get(("rows", p.made[0]), 0) == elsewhere.get(("rows", p.dying[0]), 0)]
        pairs[e] = here
        if len(here) < len(found):
            live[e] += sum(_saved(needs, found).values()) - sum(_saved(needs, here).values())
    return replace(lives, pairs=pairs, live=live)
