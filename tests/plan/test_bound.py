# SPDX-License-Identifier: Apache-2.0
"""What is counted as live at a call is never more than what any placement covers there: the bounds rest on it."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from edgesdk.kernels.palette import palette_of
from edgesdk.model.plan import Options
from edgesdk.plan import bound, eliminate, plan_graph
from edgesdk.plan.bound import least_bytes
from edgesdk.plan.candidate import Candidate, placed, rects_of
from edgesdk.plan.lives import Needs
from edgesdk.plan.place import Placer, aligned
from edgesdk.plan.planner import needs_of
from edgesdk.plan.views import joinable
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from model_files import MODELS
from random_graphs import random_graph
from small_graphs import Case, cases

DSP = palette_of("dsp", "portable")
GRAPHS = 60
PLANS = 4


def random_plan(needs: Needs, random: Random) -> Candidate:
    """Any cuts and bands, the items placed in any order."""
    count = len(needs.flow.works)
    cuts = [k for k in range(1, count) if random.random() < 0.5] + [count]
    bands = [random.choice(work.bands) for work in needs.flow.works]

    def solve(items, shares, _):  # type: ignore[no-untyped-def]
        return Placer(items, shares).run(random.sample(range(len(items)), len(items)))

    return placed(needs, cuts, bands, 0, solve)


def covered(needs: Needs, plan: Candidate) -> list[int]:
    """By call: bytes that something lies on."""
    found: list[set[int]] = [set() for _ in plan.calls]

    def cover(at: int, size: int, first: int, last: int) -> None:
        for there in found[first : last + 1]:
            there.update(range(at, at + size))

    for t, storage in needs.flow.stores.items():
        for row, (_, first, last) in rects_of(storage, plan.lives, t).items():
            cover(plan.addresses[t][row], storage.slot_bytes, first, last)
    for i, address in plan.state.items():
        cover(address, aligned(needs.state[i]), *plan.lives.states[i])
    for e, call in enumerate(plan.calls):
        if call.step in plan.scratch:
            cover(plan.scratch[call.step], aligned(needs.scratch[call.step][plan.bands[call.step]]), e, e)
    return [len(there) for there in found]


@pytest.mark.parametrize("case", list(islice(cases(), GRAPHS)), ids=lambda case: str(case[0]))
def test_no_placement_covers_less_than_is_live(case: Case) -> None:
    seed, _, _, ways = case
    random = Random(seed)
    for needs in ways:
        least = least_bytes(needs)
        for _ in range(PLANS):
            plan = random_plan(needs, random)
            there = covered(needs, plan)
            assert all(live <= bytes for live, bytes in zip(plan.lives.live, there, strict=True))
            assert least <= max(there)


def layers(seed: int) -> tuple[list[Needs], Random]:
    """A graph of nine operators or more, its parts as views and copied, on a core with the fast kernels or without."""
    random = Random(seed)
    options = Options(float_io=True, input=random.choice(("resident", "streamed")))
    graph = rewrite(random_graph(random, operators=random.randint(9, 16)), options)
    families = (("portable",), ("packed", "portable"), ("dsp", "portable"), ("mve", "dsp", "portable"))
    palette = palette_of(*random.choice(families))
    ways = {joinable(graph, palette, leaving=False), frozenset[int]()}
    return [needs_of(graph, palette, options, joined=joined) for joined in ways], random


@pytest.mark.parametrize("seed", range(60))
def test_no_cuts_and_bands_need_less(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ways, random = layers(seed)
    for needs in ways:
        least = least_bytes(needs)
        works = needs.flow.works
        for share in (0.0, 0.2, 0.5, 1.0) if works else ():
            cuts = [k for k in range(1, len(works)) if random.random() < share] + [len(works)]
            bands = [random.choice(work.bands) for work in works]
            assert least <= max(needs.lives(needs.flow.calls(cuts, bands), bands).live)
        monkeypatch.setattr(eliminate, "LARGEST", 64)
        monkeypatch.setattr(bound, "MOST", 4)
        assert least_bytes(needs) <= least  # less effort finds less
        monkeypatch.undo()


@pytest.mark.parametrize("source", ["resident", "streamed"])
@pytest.mark.parametrize("name", ["kws01", "vww01", "ic01", "ad01"])
def test_plans_of_real_networks_are_near_it(name: str, source: str) -> None:
    plan = plan_graph(rewrite(load_model(MODELS / f"{name}.tflite"), Options()), DSP, "ram", Options(input=source))
    assert plan.lower_bound <= plan.peak <= 1.11 * plan.lower_bound
