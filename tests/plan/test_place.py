# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgesdk.plan.place import ALIGNMENT, Demand, aligned, live_bytes, place

STEPS = 12


@st.composite
def demands(draw: st.DrawFn) -> list[Demand]:
    found = []
    for _ in range(draw(st.integers(1, 25))):
        first = draw(st.integers(0, STEPS - 1))
        found.append(Demand(draw(st.integers(0, 500)), first, draw(st.integers(first, STEPS - 1))))
    return found


@given(demands())
def test_buffers_that_live_together_do_not_overlap(wanted: list[Demand]) -> None:
    offsets, end = place(wanted)
    for i, a in enumerate(wanted):
        assert offsets[i] % ALIGNMENT == 0
        assert offsets[i] + a.bytes <= end
        for j, b in enumerate(wanted[:i]):
            apart = offsets[i] + a.bytes <= offsets[j] or offsets[j] + b.bytes <= offsets[i]
            assert apart or not a.meets(b) or 0 in (a.bytes, b.bytes)


@given(demands())
def test_the_bound_is_below_every_placement_and_is_the_sum_of_what_lives(wanted: list[Demand]) -> None:
    _, end = place(wanted)
    live = live_bytes(wanted, STEPS)
    assert end >= max(live)
    for step in range(STEPS):
        assert live[step] == sum(aligned(d.bytes) for d in wanted if d.first <= step <= d.last)


def test_a_chain_meets_its_bound() -> None:
    chain = [Demand(size, step, step + 1) for step, size in enumerate((100, 400, 50, 300, 20))]
    _, end = place(chain)
    assert end == max(live_bytes(chain, 7)) == 500
