# SPDX-License-Identifier: Apache-2.0
"""Plans of small branching graphs are as small as brute force finds them, over all cuts, bands and addresses.

Here the first 100 graphs; more, and how many plans the planner itself proves, by

    PYTHONPATH=tests python tests/plan/test_exact.py 300
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from itertools import islice

import pytest

from edgesdk.model.plan import Options
from edgesdk.plan import plan_graph
from edgesdk.plan.candidate import placed
from edgesdk.plan.lives import Needs
from small_graphs import PALETTE, Case, cases

GRAPHS, LEAVING, PARTS = 100, 8, 5


def least(needs: list[Needs], peak: int) -> int:
    """The least arena by brute force, where that is at most `peak`; else the next larger number."""
    from exhaustive import WORD, least_arena  # needs ortools

    best = peak + WORD
    for n in needs:
        best = least_arena(n, best)
    return best


def layer_by_layer(needs: list[Needs]) -> int:
    """Arena of the plan that runs one operator after the other."""
    flows = [(n, n.flow.works) for n in needs]
    return min(placed(n, range(1, len(w) + 1), [k.bands[0] for k in w], 0).bytes for n, w in flows)


@cache
def small_graphs() -> list[Case]:
    return list(islice(cases(), GRAPHS))


@pytest.mark.parametrize("part", range(PARTS))
def test_no_plan_is_smaller(part: int) -> None:
    pytest.importorskip("ortools", reason="ortools is not installed")
    for seed, graph, options, needs in small_graphs()[part::PARTS]:
        plan = plan_graph(graph, PALETTE, "ram", options)
        assert plan.lower_bound <= plan.peak == least(needs, plan.peak) <= layer_by_layer(needs), f"graph {seed}"


@pytest.mark.parametrize("case", list(islice(cases("streamed"), LEAVING)), ids=lambda case: str(case[0]))
def test_no_plan_is_smaller_where_rows_leave(case: Case) -> None:
    pytest.importorskip("ortools", reason="ortools is not installed")
    _, graph, options, needs = case
    plan = plan_graph(graph, PALETTE, "ram", options)
    assert (
        plan.lower_bound
        <= plan.peak
        == least(needs, plan.peak)
        <= plan_graph(graph, PALETTE, "ram", kept(options)).peak
    )


def kept(options: Options) -> Options:
    return replace(options, output="resident")


def main(wanted: int) -> None:
    larger = proven = above = 0
    for seed, graph, options, needs in islice(cases(), wanted):
        plan = plan_graph(graph, PALETTE, "ram", options)
        smallest = least(needs, plan.peak)
        proven += plan.peak == plan.lower_bound
        larger += plan.peak > smallest
        above += plan.peak > layer_by_layer(needs)
        assert plan.lower_bound <= smallest <= plan.peak
        if plan.peak > smallest:
            print(f"graph {seed}, {options.input}: {plan.peak} bytes, {smallest} are enough", flush=True)
    print(f"{wanted} graphs: {larger} plans above the least arena, {above} above layer by layer, {proven} proven")


if __name__ == "__main__":
    main(int(sys.argv[1]))
