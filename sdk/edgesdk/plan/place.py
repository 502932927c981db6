# SPDX-License-Identifier: Apache-2.0
"""Offsets for buffers with lifetimes: the smallest arena that two greedy orders find, and a bound below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

ALIGNMENT = 4  # bytes; scratch and state hold int32


@dataclass(frozen=True)
class Demand:
    """Bytes wanted from step `first` to step `last`, both included."""

    bytes: int
    first: int
    last: int

    def meets(self, other: Demand) -> bool:
        return self.first <= other.last and other.first <= self.last


def aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def live_bytes(demands: Sequence[Demand], steps: int) -> list[int]:
    """Aligned bytes live at each step."""
    change = [0] * (steps + 1)
    for d in demands:
        change[d.first] += aligned(d.bytes)
        change[d.last + 1] -= aligned(d.bytes)
    live, total = [], 0
    for delta in change[:steps]:
        total += delta
        live.append(total)
    return live


def place(demands: Sequence[Demand]) -> tuple[list[int], int]:
    """An offset for every demand, and the bytes they span.

    Each order places one demand after another at the lowest gap that its neighbours in time leave; the better of
    largest-first and longest-lived-first is kept. No placement can go below the peak of `live_bytes`.
    """
    orders: tuple[Callable[[int], tuple[int, ...]], ...] = (
        lambda i: (-demands[i].bytes, demands[i].first, i),
        lambda i: (demands[i].first - demands[i].last, -demands[i].bytes, i),
        lambda i: (demands[i].first, -demands[i].bytes, i),
    )
    results = [_first_fit(demands, sorted(range(len(demands)), key=order)) for order in orders]
    return min(results, key=lambda result: result[1])


def _first_fit(demands: Sequence[Demand], order: Sequence[int]) -> tuple[list[int], int]:
    offsets = [0] * len(demands)
    placed: list[int] = []
    end = 0
    for i in order:
        neighbours = sorted((offsets[j], aligned(demands[j].bytes)) for j in placed if demands[i].meets(demands[j]))
        offset = 0
        for start, size in neighbours:
            if offset + aligned(demands[i].bytes) <= start:
                break
            offset = max(offset, start + size)
        offsets[i] = offset
        placed.append(i)
        end = max(end, offset + aligned(demands[i].bytes))
    return offsets, end
