# SPDX-License-Identifier: Apache-2.0
"""Random graphs through the whole path, compiled for the host, equal the reference bit for bit, whatever the plan."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgesdk.errors import PLAN_OUTPUT, EdgeError
from edgesdk.model.plan import Options
from edgesdk.ops import operators
from edgesdk.ops.check import check_graph
from edgesdk.plan import plan_graph
from edgesdk.plan.planner import needs_of
from edgesdk.rewrite.pipeline import rewrite
from random_graphs import random_case, random_graph
from support import PALETTE, assert_c_equals_reference, random_plan

SHARDS = 4  # so that the cores share the 300 graphs
GRAPHS = 320


@pytest.mark.parametrize("shard", range(SHARDS))
@settings(max_examples=GRAPHS // SHARDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_c_code_equals_the_reference(shard: int, data: st.DataObject) -> None:
    graph = random_graph(data.draw(st.randoms(use_true_random=False)), operators=data.draw(st.integers(1, 8)))
    check_graph(graph)
    cases = [random_case(graph, seed) for seed in range(3)]
    ways = st.sampled_from(["resident", "streamed"])
    options = Options(float_io=True, input=data.draw(ways), output=data.draw(ways))
    runs = rewrite(graph, options)
    if options.output == "streamed" and not needs_of(runs, PALETTE, options).flow.leaving:
        with pytest.raises(EdgeError) as caught:
            plan_graph(runs, PALETTE, "ram", options)
        assert caught.value.kind is PLAN_OUTPUT
        options = replace(options, output="resident")
    plan = data.draw(st.sampled_from(["best", "recomputed", "fast", "random", "two regions"]))
    if plan == "recomputed":
        chosen = plan_graph(runs, PALETTE, "ram", replace(options, max_recompute=4.0))
    elif plan == "fast":
        limit = data.draw(st.sampled_from([None, 100, 1000]))
        chosen = plan_graph(runs, PALETTE, "ram", replace(options, optimize="speed"), limit)
    elif plan == "best":
        chosen = plan_graph(runs, PALETTE, "ram", options)
    else:
        random = data.draw(st.randoms(use_true_random=False))
        chosen = random_plan(runs, options, random, spilled=plan == "two regions")
    assert_c_equals_reference(runs, cases, source=graph, plan=chosen)


def test_the_recipes_reach_every_operator() -> None:
    reached = {node.op for seed in range(600) for node in random_graph(Random(seed)).nodes}
    assert reached == set(operators())
