# SPDX-License-Identifier: Apache-2.0
"""Plans of random branching graphs: replayed byte by byte, never above layer by layer, never below the bound."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgesdk.kernels.palette import palette_of
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.ops.check import check_graph
from edgesdk.plan import plan_graph
from edgesdk.plan.candidate import Candidate, placed
from edgesdk.plan.lives import Needs
from edgesdk.plan.planner import needs_of
from edgesdk.plan.replay import replay
from edgesdk.rewrite.pipeline import rewrite
from movement_graphs import completed
from random_graphs import random_graph
from random_plans import random_plan
from single_node import single_node_graph, tensor

PALETTE = palette_of("portable")
STREAMED = Options(float_io=True, input="streamed")
RESIDENT = Options(float_io=True)


def drawn(data: st.DataObject) -> Graph:
    graph = random_graph(data.draw(st.randoms(use_true_random=False)), operators=data.draw(st.integers(1, 8)))
    check_graph(graph)
    return rewrite(graph, RESIDENT)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_cuts_and_bands_replay(data: st.DataObject) -> None:
    graph = drawn(data)
    options = data.draw(st.sampled_from([RESIDENT, STREAMED]))
    needs = needs_of(graph, PALETTE, options)
    plan = random_plan(needs, data.draw(st.randoms(use_true_random=False)))
    if plan is None:
        return
    replay(needs, plan)
    assert plan.bytes >= max(plan.lives.live)
    best = plan_graph(graph, PALETTE, "ram", options)
    assert best.lower_bound <= min(best.peak, plan.bytes)
    assert best.peak <= layer_by_layer(needs)


def layer_by_layer(needs: Needs) -> int:
    works = needs.flow.works
    return placed(needs, range(1, len(works) + 1), [w.bands[0] for w in works], 0).bytes


@pytest.mark.parametrize("what", ["row", "scratch", "lag"])
def test_the_replay_catches(what: str) -> None:
    """A plan with one address moved must fail: the replay is the proof that the others are right."""
    caught = tried = 0
    random = Random(7)
    while tried < 20:
        needs = needs_of(rewrite(random_graph(random, operators=6), RESIDENT), PALETTE, RESIDENT)
        plan = random_plan(needs, random)
        if plan is None or (what == "scratch" and not plan.scratch) or (what == "lag" and not plan.lives.pairs):
            continue
        tried += 1
        try:
            replay(needs, moved(plan, what, random))
        except AssertionError:
            caught += 1
    assert caught > tried // 3  # a move may land on free bytes


@pytest.mark.parametrize("stricter", [0, 1])
def test_the_replay_holds_a_map_read_twice_to_both_rules(stricter: int) -> None:
    """x + x, its row written onto x: once both inputs allow it, once one of them wants it 8 bytes below."""
    x = tensor((1, 1, 4, 2), scale=0.5)
    graph = single_node_graph("ADD", [x, x], [tensor((1, 1, 4, 2), scale=0.5)], AddOptions())
    needs = needs_of(graph, PALETTE, RESIDENT)
    plan = placed(needs, [1], [1], 0)
    assert plan.bytes == 8  # in place
    replay(needs, plan)
    ((call, pairs),) = plan.lives.pairs.items()
    assert len(pairs) == 2
    pairs = [replace(pair, lag=8 * (k == stricter)) for k, pair in enumerate(pairs)]
    spoilt = replace(plan, lives=replace(plan.lives, pairs={call: pairs}))
    with pytest.raises(AssertionError, match="0 bytes before a dying row"):
        replay(needs, spoilt)


@pytest.mark.parametrize("options", [RESIDENT, STREAMED])
def test_a_graph_of_views_alone(options: Options) -> None:
    graph = single_node_graph("RESHAPE", [tensor((2, 6))], [tensor((3, 4))], None)
    plan = plan_graph(graph, PALETTE, "ram", options)
    assert (plan.peak, plan.steps, plan.segments) == (12, (), ())


def test_a_map_of_many_rows_is_planned_whole_and_quickly() -> None:
    source = tensor((1, 30_000, 1, 8), scale=0.5, zero_point=3)
    graph = completed("MAX_POOL_2D", [source], Pool2DOptions("VALID", 2, 1, 2, 1))
    plan = plan_graph(graph, PALETTE, "ram")
    assert [m.stride for m in plan.maps.values()] == [8, 8]
    assert plan.lower_bound <= plan.peak == (30_000 + 15_000) * 8


def moved(plan: Candidate, what: str, random: Random) -> Candidate:
    if what == "scratch":
        step = random.choice(list(plan.scratch))
        stored = next(t for t, born in plan.lives.born.items() if any(b is not None for b in born))
        return replace(plan, scratch={**plan.scratch, step: plan.addresses[stored][0]})
    addresses = {t: list(rows) for t, rows in plan.addresses.items()}
    if what == "lag":
        pair = random.choice([p for pairs in plan.lives.pairs.values() for p in pairs])
        (t, r), (s, k) = pair.made, pair.dying
        addresses[t][r] = addresses[s][k] + 4  # behind the row it may only precede
    else:
        t = random.choice([t for t in addresses if t in plan.lives.born])
        other = random.choice([s for s in addresses if s != t] or [t])
        addresses[t][0] = addresses[other][0]
    return replace(plan, addresses=addresses)
