# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from edgesdk.plan.effort import Effort
from edgesdk.plan.pack import Packing
from edgesdk.plan.place import Item, Rect, Share
from edgesdk.plan.walk import walk


def item(size: int, first: int, last: int) -> Item:
    return Item((Rect(0, size, first, last),))


def test_the_least_arena_and_that_none_is_smaller() -> None:
    """Live bytes never exceed 12, and 12 do not do: 4 and 4 would have to lie together under or over the 8."""
    items = [item(4, 0, 2), item(4, 0, 1), item(4, 0, 0), item(8, 3, 4), item(4, 1, 3), item(4, 2, 4)]
    addresses, proven = Packing(items, []).least(0, 1000, Effort(100_000))
    assert addresses is not None
    end = max(a + i.bytes for a, i in zip(addresses, items, strict=True))
    assert end == proven
    assert Packing(items, []).least(0, end, Effort(100_000)) == (None, end)
    assert end <= walk(items, [], 0)[1]


def test_a_row_lies_over_a_dying_one_no_nearer_than_its_lag() -> None:
    rows = [item(40, 0, 1), item(40, 1, 2)]
    addresses, proven = Packing(rows, [Share(1, 0, 0, 0, 12, 1)]).least(0, 1000, Effort(100_000))
    assert (addresses, proven) == ([12, 0], 52)
    addresses, proven = Packing(rows, [Share(1, 0, 0, 0, 12, 16)]).least(0, 52, Effort(100_000))
    assert (addresses, proven) == (None, 52)


def test_an_end_of_effort_proves_nothing() -> None:
    items = [item(4 * (3 + k % 5), k, k + 5) for k in range(40)]
    addresses, proven = Packing(items, []).least(0, 100, Effort(1_000_000))
    assert addresses is None
    assert proven == 100
    addresses, proven = Packing(items, []).least(0, 200, Effort(10))
    assert addresses is None
    assert proven <= 128  # six of them live together
