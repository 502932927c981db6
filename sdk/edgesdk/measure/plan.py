# SPDX-License-Identifier: Apache-2.0
"""What a model will cost on a board, before any compiler runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.measure.estimate import estimate_of, estimated
from edgesdk.measure.explain import alternatives, peak_of
from edgesdk.measure.inspect import tensor_info
from edgesdk.measure.plan_memory import calls_of, maps_of, place_of, union_bytes
from edgesdk.measure.prepare import Prepared, check_fit, planned_flash, planned_ram, prepare
from edgesdk.measure.results import PlanFlash, PlanLayer, PlanRam, PlanReport
from edgesdk.model.plan import Options, Plan
from edgesdk.ops import find_operator


def plan(model: Path, board: Board, options: Options, ram: int | None = None) -> PlanReport:
    """Plans a model for a board.

    Args:
        ram: bytes that the model may take of the RAM; None: what the board has.

    Raises:
        EdgeError: as `prepare` does, PLAN_RAM and PLAN_FLASH included.
    """
    prepared = prepare(model, board, options, ram, fit=False)
    check_fit(prepared, ram=ram)
    return plan_report(prepared, ram)


def plan_report(prepared: Prepared, ram: int | None = None, *, explain: bool = False) -> PlanReport:
    """The report of a plan already made, whether it fits or not.

    Args:
        ram: as in `plan`.
        explain: whether to plan the alternatives too.
    """
    p = prepared.plan
    layers, maps, calls = estimated(prepared, plan_layers(p)), maps_of(p), calls_of(p)
    peak = peak_of(p, prepared.palette, maps, calls)
    planned, flash = planned_ram(prepared), planned_flash(prepared)
    held = [holder.tensor for holder in peak.holders if holder.tensor is not None]
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
        recompute=p.recompute,
        moves=p.moves,
        ram=planned,
        flash=flash,
        peak_layer=next((c.layer for c in calls[peak.call :] if c.layer is not None), 0),
        peak_tensors=tuple(tensor_info(p.graph.tensors[t]) for t in held),
        layers=layers,
        arenas=p.regions,
        segments=tuple(segment.steps for segment in p.segments),
        maps=maps,
        calls=calls,
        peak=peak,
        shortfall=_shortfall(prepared, planned, flash, ram),
        alternatives=alternatives(prepared, ram) if explain else None,
        stream=p.options.stream,
        output=p.options.output,
        history=_history(p),
        heads=place_of(p.heads) if p.heads else None,
        max_recompute=p.options.max_recompute,
        estimate=estimate_of(prepared, layers),
    )


def _history(p: Plan) -> int:
    """Bytes of the rings and their heads."""
    rings = [b for t in p.rings for b in p.maps[t].places]
    return union_bytes([*rings, *([p.heads] if p.heads else [])])


def model_macs(prepared: Prepared) -> int:
    """Multiply-accumulates of the model as the file has it, for the frames of one call."""
    graph, stream = prepared.source, prepared.plan.options.stream
    macs = sum(find_operator(node.op).macs(graph, node) for node in graph.nodes)
    return macs if stream is None else macs * stream // prepared.clip.tensors[prepared.clip.inputs[0]].shape[1]


def plan_layers(p: Plan) -> tuple[PlanLayer, ...]:
    """One row per step."""
    segment_of = {step: k for k, segment in enumerate(p.segments) for step in segment.steps}
    rows = []
    for index, step in enumerate(p.steps):
        nodes = [p.graph.nodes[i] for i in (step.node, step.epilogue) if i is not None]
        output = p.graph.tensor_out(nodes[-1])
        macs = sum(find_operator(node.op).macs(p.graph, node) for node in nodes)
        rows.append(
            PlanLayer(
                index=index,
                op=nodes[0].op,
                name=output.name,
                tflite_ops=tuple(i for node in nodes for i in node.tflite_ops),
                output=output.shape,
                macs=macs,
                macs_executed=macs,
                ram_live=step.live,
                kernel=step.kernel,
                epilogue=nodes[1].op if step.epilogue is not None else None,
                segment=segment_of[index],
                band=step.band,
                scratch=place_of(step.scratch) if step.scratch else None,
                state=place_of(step.state) if step.state else None,
            )
        )
    return tuple(rows)


def _shortfall(prepared: Prepared, need: PlanRam, flash: PlanFlash, ram: int | None) -> Mapping[str, int]:
    """What `check_fit` refuses, in bytes; the flash of the weights' own region too."""
    lacks = {name: use.used - use.limit for name, use in need.regions.items()}
    if ram is not None:
        lacks["--ram"] = need.arena + need.runtime - ram
    place = prepared.board.region(prepared.board.placement.weights)
    lacks["flash"] = max(
        flash.weights - place.bytes, flash.total - (flash.total if flash.limit is None else flash.limit)
    )
    return {name: lack for name, lack in lacks.items() if lack > 0}
