# SPDX-License-Identifier: Apache-2.0
"""Sorting networks: fixed compare-exchanges that sort any values, the same number whatever they are."""

from __future__ import annotations

from functools import cache

Exchanges = tuple[tuple[int, int], ...]
"""Pairs (i, j), i < j, in order: the greater value goes to place i, the smaller to place j."""

# Floyd's network, 1964: one exchange fewer than merging takes.
_NINE: Exchanges = (
    (0, 3), (1, 7), (2, 5), (4, 8), (0, 7), (2, 4), (3, 8), (5, 6), (0, 2), (1, 3), (4, 5), (7, 8), (1, 4),
    (3, 6), (5, 7), (0, 1), (2, 4), (3, 5), (6, 8), (2, 3), (4, 5), (6, 7), (1, 2), (3, 4), (5, 6),
)  # fmt: skip


@cache
def sorting_network(count: int) -> Exchanges:
    """Exchanges that bring `count` values into descending order: as few as are known up to 9 values, else those of
    Batcher's merge exchange (1968; Knuth, volume 3, algorithm 5.2.2M).

    Raises:
        ValueError: for fewer than one value.
    """
    if count < 1:
        raise ValueError(f"{count} values cannot be sorted")
    if count == 9:
        return _NINE
    found: list[tuple[int, int]] = []
    top = 1 << max(0, (count - 1).bit_length() - 1)
    p = top if count > 1 else 0
    while p > 0:
        q, r, d = top, 0, p
        while d > 0:
            found += [(i, i + d) for i in range(count - d) if i & p == r]
            d, q, r = q - p, q >> 1, p
        p >>= 1
    return tuple(found)
