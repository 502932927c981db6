# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.plan.place import ALIGNMENT, Item, Rect, Share, aligned
from edgesdk.plan.walk import walk

CALLS = 12


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    """Rows, blocks of rows with lives of their own, and scratch of some calls."""
    found = []
    for _ in range(draw(st.integers(1, 20))):
        kind = draw(st.sampled_from(["row", "block", "scratch"]))
        rects, at = [], 0
        for _ in range(draw(st.integers(1, 4)) if kind == "block" else 1):
            first = draw(st.integers(0, CALLS - 1))
            size = draw(st.integers(1, 50)) if kind == "block" else aligned(draw(st.integers(1, 200)))
            rects.append(Rect(at, size, first, draw(st.integers(first, CALLS - 1))))
            at += size
        calls = tuple(sorted(draw(st.sets(st.integers(0, CALLS - 1), min_size=1)))) if kind == "scratch" else ()
        if calls:
            rects = [Rect(0, rects[0].bytes, calls[0], calls[-1])]
        found.append(Item(tuple(rects), calls))
    return found


def alive(item: Item, rect: Rect) -> set[int]:
    return set(item.calls) or set(range(rect.first, rect.last + 1))


@settings(deadline=None)
@given(items())
def test_bytes_that_live_together_do_not_overlap(wanted: list[Item]) -> None:
    addresses, end = walk(wanted, [], 0, effort=2_000)
    parts = [
        (i, addresses[i] + rect.at, rect, alive(item, rect)) for i, item in enumerate(wanted) for rect in item.rects
    ]
    for i, start, rect, calls in parts:
        assert addresses[i] % ALIGNMENT == 0
        assert start + rect.bytes <= end
        for j, other, theirs, their_calls in parts:
            both_scratch = wanted[i].calls and wanted[j].calls  # of two steps: never in one call
            if i < j and calls & their_calls and not both_scratch:
                assert start + rect.bytes <= other or other + theirs.bytes <= start


@settings(deadline=None)
@given(st.integers(0, 40), st.sampled_from([1, 8, 12]), st.integers(1, 30), st.integers(1, 30))
def test_a_row_lies_over_a_dying_row_at_a_legal_distance(lag: int, step: int, made: int, dying: int) -> None:
    """A row below both keeps the pair from settling at the bottom by chance."""
    made, dying, unit = 4 * made, 4 * dying, step if step > 1 else ALIGNMENT
    lag = -(-lag // unit) * unit
    rows = [Item((Rect(0, made, 1, 2),)), Item((Rect(0, dying, 0, 1),)), Item((Rect(0, 16, 0, 3),))]
    addresses, end = walk(rows, [Share(0, 0, 1, 0, lag, step)], 0)
    distance = addresses[1] - addresses[0]
    apart = distance >= made or -distance >= dying
    assert apart or (distance >= lag and (step == 1 or (distance - lag) % step == 0))
    assert end <= 16 + made + dying


def test_a_chain_meets_its_bound() -> None:
    chain = [Item((Rect(0, size, call, call + 1),)) for call, size in enumerate((100, 400, 52, 300, 20))]
    assert walk(chain, [], 0)[1] == 500
