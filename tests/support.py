# SPDX-License-Identifier: Apache-2.0
"""Runs a graph's C code on the host, under sanitizers, and compares every map with the operators' references."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np

from edgesdk.compile.simulation import compile_simulation
from edgesdk.kernels.palette import Palette, palette_of
from edgesdk.model.graph import Array, Graph
from edgesdk.model.plan import Options, Plan
from edgesdk.ops.reference import run_reference
from edgesdk.plan.assemble import assemble
from edgesdk.plan.candidate import placed
from edgesdk.plan.planner import needs_of
from edgesdk.plan.regions import Region, spread
from edgesdk.plan.replay import replay

PALETTE = palette_of("portable")
PACKED = palette_of("packed", "portable")
DSP = palette_of("dsp", "portable")
ANY_SIZE = 1 << 30


def layer_by_layer(graph: Graph, palette: Palette = PALETTE, choice: int = -1) -> Plan:
    """One operator per segment, concatenations too, every band as its kernel likes it, placed without search: quick.

    Args:
        choice: which of the kernels' choices of scratch; -1: the most, 0: the least.
    """
    needs = needs_of(graph, palette, Options(), joined=frozenset())
    works = needs.flow.works
    needs = needs.with_scratch(dict.fromkeys(range(len(works)), choice))
    candidate = placed(needs, range(1, len(works) + 1), [w.favourite for w in works], ANY_SIZE)
    replay(needs, candidate)
    return assemble(graph, Options(), ["ram"], needs, candidate, 0)


def random_plan(graph: Graph, options: Options, random: Random, *, spilled: bool = False) -> Plan:
    """Any cuts, any bands; over two RAM regions of any sizes where `spilled`."""
    needs = needs_of(graph, PALETTE, options)
    works = needs.flow.works
    cuts = [k for k in range(1, len(works)) if random.random() < 0.5] + [len(works)] * bool(works)
    candidate = placed(needs, cuts, [random.choice(w.bands) for w in works], ANY_SIZE)
    if spilled:
        candidate = spread(needs, candidate, [Region("ram", random.randint(0, candidate.bytes)), Region("slow")])
    replay(needs, candidate)
    return assemble(graph, options, ["ram", "slow"], needs, candidate, 0)


def assert_c_equals_reference(
    graph: Graph,
    cases: Sequence[Sequence[Array]],
    *,
    source: Graph | None = None,
    plan: Plan | None = None,
    sanitize: bool = True,
) -> None:
    """Plans, emits, compiles and runs `graph` on the host and compares every materialised map and output.

    Args:
        graph: a checked, rewritten graph (one node or many).
        cases: per inference, the inputs in signature order.
        source: the graph before it was rewritten, if it was: the outputs must be its own.
        plan: how it runs; layer by layer if left out. Streamed inputs are tried pulled and pushed.
    """
    plan = plan or layer_by_layer(graph)
    source, graph = source or graph, plan.graph  # the planner may have rewritten it
    with tempfile.TemporaryDirectory() as directory:
        simulation = compile_simulation(plan, Path(directory), sanitize=sanitize)
        if plan.options.input == "streamed":
            pulled, pushed = (list(simulation.run(cases, push=push)) for push in (False, True))
            for a, b in zip(pulled, pushed, strict=True):
                for x, y in zip(a.outputs, b.outputs, strict=True):
                    np.testing.assert_array_equal(x, y)
        for case, got in zip(cases, simulation.run(cases), strict=True):
            want = run_reference(graph, case)
            for t, array in got.maps.items():
                name = graph.nodes[graph.producer[t]].op
                np.testing.assert_array_equal(array, want[t].reshape(array.shape), err_msg=f"tensor {t} of {name}")
            if source is not graph:
                want = run_reference(source, case)
            for t, array in zip(source.outputs, got.outputs, strict=True):
                np.testing.assert_array_equal(array, want[t].reshape(array.shape), err_msg=f"output {t}")
