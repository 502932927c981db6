# SPDX-License-Identifier: Apache-2.0
"""Arenas over several RAM regions: nothing changes where the first holds all; else hot data stays in the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark_models import model_path
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Buffer, Options, Plan
from edgesdk.ops.check import check_graph
from edgesdk.plan import Region, plan_graph
from edgesdk.plan.candidate import Candidate, placed
from edgesdk.plan.lives import Needs
from edgesdk.plan.planner import needs_of
from edgesdk.plan.regions import spread
from edgesdk.plan.replay import replay
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from random_graphs import random_graph
from support import PALETTE

OPTIONS = Options(float_io=True)


def buffers(plan: Plan) -> Iterator[Buffer]:
    for m in plan.maps.values():
        yield from (b for b in m.places if b.first <= b.last)
    for step in plan.steps:
        yield from (b for b in (step.scratch, step.state) if b is not None)


def regions_of(plan: Plan, tensor: int) -> set[str]:
    return {b.region for b in plan.maps[tensor].places}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_graphs_over_two_regions(data: st.DataObject) -> None:
    """Their bits: tests/test_random_graphs.py."""
    graph = random_graph(data.draw(st.randoms(use_true_random=False)), operators=data.draw(st.integers(1, 8)))
    check_graph(graph)
    options = replace(OPTIONS, input=data.draw(st.sampled_from(["resident", "streamed"])))
    runs = rewrite(graph, options)
    alone = plan_graph(runs, PALETTE, "fast", options)
    room = data.draw(st.integers(0, alone.peak))
    plan = plan_graph(runs, PALETTE, [Region("fast", room), Region("slow")], options)
    assert plan.peak == sum(plan.regions.values())
    assert plan.lower_bound <= plan.peak
    assert plan.regions.get("fast", 0) <= room
    for b in buffers(plan):
        assert b.offset + b.bytes <= plan.regions[b.region]
    if room >= alone.peak:
        assert (plan.maps, plan.steps) == (alone.maps, alone.steps)


@pytest.fixture(scope="module")
def vww01() -> Graph:
    return rewrite(load_model(model_path("vww01")), Options())


def test_an_arena_that_fits_the_first_region_stays_as_it_is(vww01: Graph) -> None:
    alone = plan_graph(vww01, PALETTE, "fast")
    plan = plan_graph(vww01, PALETTE, [Region("fast", alone.peak), Region("slow")])
    assert (plan.regions, plan.crc32) == ({"fast": alone.peak}, alone.crc32)


def test_hot_data_stays_in_the_fast_region(vww01: Graph) -> None:
    """The image is read once and a half; rings, scratch and sums are touched over and over."""
    (image,) = vww01.inputs
    alone = plan_graph(vww01, PALETTE, "fast")
    size = vww01.tensors[image].bytes
    plan = plan_graph(vww01, PALETTE, [Region("fast", alone.peak - 1), Region("slow")])
    assert regions_of(plan, image) == {"slow"}
    assert plan.regions["slow"] == size
    rest = plan_graph(vww01, PALETTE, [Region("fast", 12_000), Region("slow")])
    assert rest.regions["slow"] == size  # in the order of a streamed image, whose plan needs less
    tight = plan_graph(vww01, PALETTE, [Region("fast", 6_000), Region("slow")])
    assert regions_of(tight, image) == {"slow"}
    assert all(b.region == "fast" for s in tight.steps for b in (s.scratch, s.state) if b is not None)
    assert 4_000 < tight.regions["fast"] <= 6_000


def test_three_regions_are_filled_in_turn(vww01: Graph) -> None:
    plan = plan_graph(vww01, PALETTE, [Region("a", 4_000), Region("b", 9_000), Region("c")])
    assert list(plan.regions) == ["a", "b", "c"]
    assert plan.regions["a"] <= 4_000
    assert plan.regions["b"] <= 9_000
    assert plan.peak == sum(plan.regions.values())


def test_large_maps_find_room_before_hot_ones(vww01: Graph) -> None:
    """By heat alone the image would be left for a region that is too small for it."""
    (image,) = vww01.inputs
    size = vww01.tensors[image].bytes
    plan = plan_graph(vww01, PALETTE, [Region("fast", size), Region("slow", size - 1)])
    assert regions_of(plan, image) == {"fast"}
    assert plan.regions["slow"] < size


def test_what_fits_nowhere_is_in_the_last_region(vww01: Graph) -> None:
    plan = plan_graph(vww01, PALETTE, [Region("fast", -64), Region("slow", 10)])
    assert plan.regions == {"slow": plan_graph(vww01, PALETTE, "slow").peak}


@pytest.mark.parametrize("what", ["row", "scratch", "swap"])
def test_the_replay_tells_regions_apart(what: str) -> None:
    """What reaches beyond its region is caught, and so is what is said to be in another than it was placed for."""
    caught = tried = 0
    random = Random(11)
    while tried < 8:
        found = _over_two(random)
        if found is None or (what == "scratch" and not found[1].scratch):
            continue
        needs, plan = found
        tried += 1
        try:
            replay(needs, _spoilt(needs, plan, what, random))
        except AssertionError:
            caught += 1
    assert caught == tried if what != "swap" else caught > tried // 3  # what moves may land on free bytes


def _over_two(random: Random) -> tuple[Needs, Candidate] | None:
    needs = needs_of(rewrite(random_graph(random, operators=6), OPTIONS), PALETTE, OPTIONS)
    works = needs.flow.works
    if not works:
        return None
    whole = placed(needs, range(1, len(works) + 1), [w.bands[0] for w in works], 0)
    plan = spread(needs, whole, [Region("fast", whole.bytes * 2 // 3), Region("slow")])
    replay(needs, plan)
    return (needs, plan) if len(plan.sizes) == 2 and min(plan.sizes) > 0 else None


def _spoilt(needs: Needs, plan: Candidate, what: str, random: Random) -> Candidate:
    if what == "swap":
        other = {key: 1 - plan.elsewhere.get(key, 0) for key in [("rows", t) for t in plan.lives.born]}
        key = random.choice(list(other))
        return replace(plan, elsewhere={**plan.elsewhere, key: other[key]})
    if what == "scratch":
        i = random.choice(list(plan.scratch))
        end = plan.sizes[plan.elsewhere.get(("scratch", i), 0)]
        return replace(plan, scratch={**plan.scratch, i: end})
    t = random.choice(list(plan.addresses))
    end = plan.sizes[plan.elsewhere.get(("rows", t), 0)]
    last = [*plan.addresses[t][:-1], end - needs.flow.stores[t].row_bytes + 1]
    return replace(plan, addresses={**plan.addresses, t: last})
