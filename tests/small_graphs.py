# SPDX-License-Identifier: Apache-2.0
"""Small random branching graphs, which brute force can plan."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from random import Random

from edgesdk.kernels.palette import palette_of
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.ops.check import check_graph
from edgesdk.plan.lives import Needs
from edgesdk.plan.planner import needs_of
from edgesdk.plan.views import joinable
from edgesdk.rewrite.pipeline import rewrite
from random_graphs import random_graph

PALETTE = palette_of("portable")
ROWS = 8

Case = tuple[int, Graph, Options, list[Needs]]


def cases(output: str = "resident") -> Iterator[Case]:
    """(seed, graph, options, the ways its parts can lie) of graphs of up to 8 operators with at most ROWS rows; with
    `output` streamed those of them whose outputs can be, and of which one has rows to let go."""
    for seed in count(1):
        source = random_graph(Random(seed), operators=1 + seed % 8)
        check_graph(source)
        options = Options(float_io=True, input=("resident", "streamed")[seed // 8 % 2], output=output)
        graph = rewrite(source, options)
        leaves = output == "streamed"
        ways = {joinable(graph, PALETTE, leaving=leaves), frozenset[int]()}
        needs = [needs_of(graph, PALETTE, options, joined=joined) for joined in ways]
        if leaves and not any(needs[0].flow.stores[t].rows > 1 for t in needs[0].flow.leaving):
            continue
        if needs[0].flow.works and all(s.rows <= ROWS for n in needs for s in n.flow.stores.values()):
            yield seed, graph, options, needs
