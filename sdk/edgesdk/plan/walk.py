# SPDX-License-Identifier: Apache-2.0
"""The order in which items are placed: by size, by life, and then along a walk that mends what lies too high."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from edgesdk.plan.place import Item, Placer, Share

EFFORT = 80_000  # items placed in all orders together
RESTARTS = 3
MOST_ORDERS = 320
MOST_TRIED = 20_000  # items placed in orders by size and life


@dataclass(frozen=True)
class _Found:
    """Items placed in one order."""

    placer: Placer
    order: list[int]
    bases: list[int]
    bytes: int


def walk(items: Sequence[Item], shares: Sequence[Share], enough: int, effort: int = EFFORT) -> tuple[list[int], int]:
    """An address for every item, and the bytes they span: the best of several orders, with and without shares, and of a
    few walks from there.

    Args:
        enough: bytes with which the search ends.
        effort: items placed in all orders together, never time: the same plan on every machine.
    """
    starts = list(_starts(items, shares, enough))
    start = best = min(starts, key=lambda start: start.bytes)
    tries = (min(effort // len(items), MOST_ORDERS) - len(starts)) // RESTARTS
    for seed in range(RESTARTS):
        if best.bytes <= enough:
            break
        best = min(best, _walked(start, enough, tries, Random(seed)), key=lambda found: found.bytes)
    return best.bases, best.bytes


def _starts(items: Sequence[Item], shares: Sequence[Share], enough: int) -> Iterator[_Found]:
    """One placement for each order, the last that with enough bytes."""
    keys: tuple[Callable[[int], tuple[int, ...]], ...] = (
        lambda i: (-items[i].bytes, items[i].first, i),
        lambda i: (items[i].first, -items[i].bytes, i),
        lambda i: (-(items[i].last - items[i].first) * items[i].bytes, items[i].first, i),
        lambda i: (items[i].first - items[i].last, items[i].first, i),
        lambda i: (-items[i].bytes, items[i].first - items[i].last, i),
        lambda i: (-(items[i].last - items[i].first).bit_length(), -items[i].bytes, items[i].first, i),
    )
    placers = [Placer(items, shares)]
    if shares:
        raised = placers[0].raised()
        placers += [raised] if any(raised.lowest) else []
        placers.append(placers[0].without_shares())
    orders = [sorted(range(len(items)), key=key) for key in keys]
    for tried, (placer, order) in enumerate(product(placers, orders)):
        if tried >= len(keys) and tried * len(items) > MOST_TRIED:
            return
        found = _Found(placer, order, *placer.run(order))
        yield found
        if found.bytes <= enough:
            return


def _walked(start: _Found, enough: int, tries: int, random: Random) -> _Found:
    """The smallest placement along a walk through orders, each of which places in time what was too high before."""
    best = current = start
    for _ in range(tries):
        height = enough + (best.bytes - enough) * random.random()
        early = {
            i: at * random.random()
            for at, i in enumerate(current.order)
            if current.bases[i] + current.placer.bytes[i] > height or random.random() * len(current.order) < 1
        }
        at = {i: early.get(i, at) for at, i in enumerate(current.order)}
        order = sorted(current.order, key=at.__getitem__)
        found = _Found(current.placer, order, *current.placer.run(order))
        if found.bytes <= current.bytes or random.random() < 0.03:
            current = found
        if found.bytes < best.bytes:
            best = found
            if best.bytes <= enough:
                break
    return best
