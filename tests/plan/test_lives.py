# SPDX-License-Identifier: Apache-2.0
"""Bytes live at a call, counted again row by row, and segments judged alone as within the whole."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from edgesdk.kernels.palette import palette_of
from edgesdk.model.plan import Options
from edgesdk.plan.lives import BEFORE, Lives, Needs, Pair
from edgesdk.plan.place import aligned
from edgesdk.plan.planner import needs_of
from edgesdk.plan.search import Segments
from edgesdk.plan.work import Port
from edgesdk.rewrite.pipeline import rewrite
from random_graphs import random_graph
from random_plans import random_plan


def shared(needs: Needs, pairs: list[Pair]) -> int:
    """The most bytes that the outputs of a call may lie over its dying inputs."""
    stores = needs.flow.stores
    dying: dict[tuple[int, int], dict[tuple[int, int], set[int]]] = {}
    for p in pairs:
        dying.setdefault(p.made, {}).setdefault((p.dying[0], p.lag), set()).add(p.dying[1])
    total = 0
    for (t, _), of in dying.items():
        size = stores[t].slot_bytes
        over = sum(min(size - lag, len(rows) * stores[s].slot_bytes) for (s, lag), rows in of.items())
        total += min(size, over)
    return total


def counted(needs: Needs, lives: Lives, e: int) -> int:
    flow = needs.flow
    total = 0
    for t, storage in flow.stores.items():
        if t not in lives.born:
            total += storage.rows * storage.slot_bytes
            continue
        for born, dies in zip(lives.born[t], lives.dies[t], strict=True):
            if born is not None and not (born == BEFORE and dies == BEFORE) and born <= e <= dies:
                total += storage.slot_bytes
    total += sum(aligned(needs.state[i]) for i, (first, last) in lives.states.items() if first <= e <= last)
    return total - shared(needs, lives.pairs.get(e, []))


@pytest.mark.parametrize("seed", range(60))
def test_live_bytes_are_those_of_the_rows(seed: int) -> None:
    random = Random(seed)
    graph = rewrite(random_graph(random, operators=random.randint(1, 8)), Options(float_io=True))
    needs = needs_of(
        graph, palette_of("portable"), Options(float_io=True, input=random.choice(["resident", "streamed"]))
    )
    plan = random_plan(needs, random)
    if plan is None:
        return
    for e, call in enumerate(plan.calls):
        scratch = aligned(needs.scratch[call.step].get(plan.bands[call.step], 0)) if call.step >= 0 else 0
        assert plan.lives.live[e] == counted(needs, plan.lives, e) + scratch
    segments = Segments(needs)
    alone = [segments.cost(a, b, plan.bands) for a, b in pairwise((0, *plan.cuts))]
    rest = plan.calls[::-1]  # what nothing reads comes at the end, after all segments
    unread = next(k for k, call in enumerate(rest) if call.step >= 0)
    assert max(alone) == max(plan.lives.live[: len(rest) - unread])


@pytest.mark.parametrize(
    ("windows", "span"),
    [
        ([(0, 1), (0, 2), (1, 3)], (0, 3)),
        ([(0, 1), (0, 2), (1, 3), (3, 3)], (0, 3)),  # the last rows, or the first, read padding alone
        ([(0, 0), (0, 0), (0, 2), (1, 3), (3, 3), (3, 3)], (0, 3)),
        ([(0, 0), (0, 0)], (0, 0)),
        ([(2, 4)], (2, 4)),
    ],
)
def test_a_call_touches_what_any_of_its_rows_does(windows: list[tuple[int, int]], span: tuple[int, int]) -> None:
    low, high = zip(*windows, strict=True)
    assert Port(0, low, high).span(0, len(windows)) == span
