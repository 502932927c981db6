# SPDX-License-Identifier: Apache-2.0
"""What a plan does with bytes that its peak leaves at other calls: scratch and bands as the kernels like them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from edgesdk.plan.candidate import Candidate, placed, rects_of
from edgesdk.plan.lives import Needs
from edgesdk.plan.place import aligned
from edgesdk.plan.search import Segments
from edgesdk.plan.walk import EFFORT, walk
from edgesdk.plan.work import Work

TOUCHED = 14  # rows: six made from eight
_briefly = partial(walk, effort=EFFORT // 4)  # what it gains is speed alone


def with_room(needs: Needs, best: Candidate, limit: int) -> tuple[Needs, Candidate]:
    """The same segments with what `limit` bytes allow: scratch first, which gains most."""
    needs, best = with_scratch(needs, best, limit)
    return needs, _widened(needs, Segments(needs), best, limit)


def with_scratch(needs: Needs, best: Candidate, limit: int) -> tuple[Needs, Candidate]:
    """The same calls with as much scratch as `limit` bytes allow, for the works with most to do where not for all."""
    works = needs.flow.works
    worst = dict.fromkeys(range(len(works)), 0)
    for call, live in zip(best.calls, best.lives.live, strict=True):
        if call.step >= 0:
            worst[call.step] = max(worst[call.step], live)
    more: dict[int, int] = {}
    for i in sorted(range(len(works)), key=lambda i: -works[i].macs):
        sizes = [aligned(size) for size in needs.choices[i][best.bands[i]]]
        k = max(k for k, size in enumerate(sizes) if k == 0 or worst[i] + size - sizes[0] <= limit)
        if k > 0:
            more[i] = k
    if not more:
        return needs, best
    given = needs.with_scratch(more)
    roomier = placed(given, best.cuts, best.bands, limit, _briefly)
    return (given, roomier) if roomier.bytes <= limit else _in_gaps(needs, best, more, limit)


def _in_gaps(needs: Needs, best: Candidate, more: dict[int, int], limit: int) -> tuple[Needs, Candidate]:
    """The rows stay where they are; more scratch goes where nothing lies at any call of its work, if there is room."""
    if best.rings:
        return needs, best
    taken = [
        (best.addresses[t][r], size, first, last)
        for t, storage in needs.flow.stores.items()
        for r, (size, first, last) in rects_of(storage, best.lives, t).items()
    ]
    taken += [(at, needs.state[i], *best.lives.states[i]) for i, at in best.state.items()]
    taken.sort()
    calls: dict[int, list[int]] = {}
    for e, call in enumerate(best.calls):
        calls.setdefault(call.step, []).append(e)
    live, scratch, found = list(best.lives.live), dict(best.scratch), dict[int, int]()
    for i, most in more.items():
        sizes = needs.choices[i][best.bands[i]]
        gaps = list(_gaps(taken, calls[i], limit))
        for k in range(most, 0, -1):
            at = next((low for low, high in gaps if high - low >= aligned(sizes[k])), None)
            if at is not None:
                scratch[i], found[i] = at, k
                for e in calls[i]:
                    live[e] += aligned(sizes[k]) - aligned(sizes[0])
                break
    return needs.with_scratch(found), replace(best, scratch=scratch, lives=replace(best.lives, live=live))


def _gaps(taken: Sequence[tuple[int, int, int, int]], calls: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """From and to, of the bytes that are free at all these calls.

    Args:
        taken: address, bytes, first and last call; by address.
    """
    free = 0
    for at, size, first, last in taken:
        k = bisect_left(calls, first)
        if k < len(calls) and calls[k] <= last:
            if at > free:
                yield free, at
            free = max(free, aligned(at + size))
    if limit > free:
        yield free, limit


def _widened(needs: Needs, segments: Segments, best: Candidate, limit: int) -> Candidate:
    """The same segments with every band as wide as its kernel likes it and `limit` bytes allow. The context holds a
    pointer for each row that a call touches, so a few are enough."""
    bands = list(best.bands)
    works = needs.flow.works
    most = max([TOUCHED, *(_touched(work, band) for work, band in zip(works, bands, strict=True))])
    for start, end in best.segments:
        for i in range(start, end):
            work = works[i]
            wide = [b for b in work.bands if bands[i] < b <= work.favourite and _touched(work, b) <= most]
            for band in sorted(wide, reverse=True):
                wider = [*bands[:i], band, *bands[i + 1 :]]
                if segments.cost(start, end, wider) <= limit:
                    bands = wider
                    break
    if tuple(bands) == best.bands:
        return best
    wider_plan = placed(needs, best.cuts, bands, limit, _briefly)
    return wider_plan if wider_plan.bytes <= limit else best


def _touched(work: Work, band: int) -> int:
    """Rows of all maps that one call touches at most."""
    calls = [(row, min(band, work.rows - row)) for row in range(0, work.rows, band)]
    ports = (*work.inputs, *work.outputs)
    return max(sum(high - low for low, high in (port.span(*call) for port in ports)) for call in calls)
