# SPDX-License-Identifier: Apache-2.0
"""What a model will cost on a board, before any compiler runs."""

from __future__ import annotations

from pathlib import Path

from edgesdk.boards import Board
from edgesdk.measure.inspect import tensor_info
from edgesdk.measure.prepare import Prepared, planned_flash, planned_ram, prepare
from edgesdk.measure.results import PlanLayer, PlanReport
from edgesdk.model.plan import Buffer, Options, Plan
from edgesdk.ops import find_operator


def plan(model: Path, board: Board, options: Options, ram: int | None = None) -> PlanReport:
    """Plans a model for a board.

    Args:
        ram: bytes that the model may take of the RAM; None: what the board has.

    Raises:
        EdgeError: as `prepare` does, PLAN_RAM and PLAN_FLASH included.
    """
    prepared = prepare(model, board, options, ram)
    return plan_report(prepared)


def plan_report(prepared: Prepared) -> PlanReport:
    """The report of a plan already made."""
    p = prepared.plan
    layers = plan_layers(p)
    return PlanReport(
        board=prepared.board.id,
        model=prepared.path.name,
        optimize=p.options.optimize,
        input=p.options.input,
        float_io=p.options.float_io,
        model_crc32=f"{p.graph.crc32:08x}",
        plan_crc32=f"{p.crc32:08x}",
        macs=model_macs(prepared),
        macs_executed=sum(layer.macs_executed for layer in layers),
        ram=planned_ram(prepared),
        flash=planned_flash(prepared),
        peak_layer=p.peak_step,
        peak_tensors=tuple(tensor_info(p.graph.tensors[t]) for t in _live_at(p, p.peak_step)),
        layers=layers,
    )


def model_macs(prepared: Prepared) -> int:
    """Multiply-accumulates of the model as the file has it."""
    graph = prepared.source
    return sum(find_operator(node.op).macs(graph, node) for node in graph.nodes)


def plan_layers(p: Plan) -> tuple[PlanLayer, ...]:
    """One row per step."""
    rows = []
    for index, step in enumerate(p.steps):
        node = p.graph.nodes[step.node]
        output = p.graph.tensor_out(node)
        macs = find_operator(node.op).macs(p.graph, node)
        rows.append(
            PlanLayer(
                index=index,
                op=node.op,
                name=output.name,
                tflite_ops=node.tflite_ops,
                output=output.shape,
                macs=macs,
                macs_executed=macs,
                ram_live=step.live,
                kernel=step.kernel,
            )
        )
    return tuple(rows)


def _live_at(p: Plan, step: int) -> list[int]:
    """Tensors whose bytes are live at a step, one per buffer."""
    seen: dict[Buffer, int] = {}
    for t, m in p.maps.items():
        if m.buffer is not None and m.buffer.first <= step <= m.buffer.last:
            seen.setdefault(m.buffer, t)
    return list(seen.values())
