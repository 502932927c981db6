# SPDX-License-Identifier: Apache-2.0
"""What a plan's layers will take on its core, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from edgesdk.kernels.costs import cost_table
from edgesdk.kernels.terms import terms_of
from edgesdk.measure.prepare import Prepared
from edgesdk.measure.results import PlanEstimate, PlanLayer


def estimated(prepared: Prepared, layers: Sequence[PlanLayer]) -> tuple[PlanLayer, ...]:
    """The layers with instructions and cycles by the table of the board's core, where it knows their kernels."""
    table = cost_table(prepared.board.core)
    if table is None:
        return tuple(layers)
    graph = prepared.plan.graph
    found = []
    for step, layer in zip(prepared.plan.steps, layers, strict=True):
        cost = table.kernels.get(step.kernel)
        if cost is not None:
            counts = terms_of(graph, graph.nodes[step.node], step.band)
            cycles = None if cost.cycles is None else round(cost.cycles.of(counts))
            layer = replace(layer, instructions_estimated=round(cost.instructions.of(counts)), cycles_estimated=cycles)
        found.append(layer)
    return tuple(found)


def estimate_of(prepared: Prepared, layers: Sequence[PlanLayer]) -> PlanEstimate | None:
    """The sum over layers that `estimated` made; None where one has no estimate."""
    table = cost_table(prepared.board.core)
    instructions = [layer.instructions_estimated for layer in layers if layer.instructions_estimated is not None]
    cycles = [layer.cycles_estimated for layer in layers if layer.cycles_estimated is not None]
    if table is None or not layers or len(instructions) < len(layers):
        return None
    errors = [table.kernels[layer.kernel].error for layer in layers]
    total = sum(instructions)
    return PlanEstimate(
        instructions=total,
        cycles=sum(cycles) if len(cycles) == len(layers) else None,
        error=round(sum(e * n for e, n in zip(errors, instructions, strict=True)) / total, 3) if total else 0.0,
    )
