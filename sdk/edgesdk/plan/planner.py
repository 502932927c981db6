# SPDX-License-Identifier: Apache-2.0
"""The planner's first form: one operator per segment, every map real, offsets by exact lifetimes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace

from edgesdk import __version__
from edgesdk.errors import PLAN_LIMIT, EdgeError
from edgesdk.kernels import choose_kernel
from edgesdk.kernels.base import Kernel
from edgesdk.model.graph import Graph, Node, Tensor
from edgesdk.model.plan import Buffer, MapKind, MapPlan, Options, Plan, Segment, Step, Turn
from edgesdk.ops import find_operator
from edgesdk.plan.place import Demand, aligned, live_bytes, place
from edgesdk.plan.storage import storage_of
from edgesdk.text import printable

UINT8_MAX = 0xFF
UINT16_MAX = 0xFFFF


def plan_graph(graph: Graph, families: tuple[str, ...], region: str, options: Options | None = None) -> Plan:
    """Plans a rewritten graph, layer by layer.

    Args:
        graph: what runs; all its nodes have kernels.
        families: kernel families the core can run, best first.
        region: the RAM region that holds the arena.
        options: the user's choices.

    Raises:
        EdgeError: OP_UNSUPPORTED where no kernel accepts a node, PLAN_LIMIT where a shape exceeds the tables.
    """
    options = options or Options()
    owner = storage_of(graph)
    running = [i for i, node in enumerate(graph.nodes) if not find_operator(node.op).view]
    position = {node: step for step, node in enumerate(running)}
    kernels = [choose_kernel(graph, graph.nodes[i], families) for i in running]
    bands = [_band(graph, graph.nodes[i], k) for i, k in zip(running, kernels, strict=True)]

    _check_tables(graph, running)
    lifetimes = _lifetimes(graph, owner, position)
    demands = [Demand(graph.tensors[t].bytes, first, last) for t, (first, last) in lifetimes.items()]
    extra: list[tuple[int, str]] = []
    for step, (i, kernel, band) in enumerate(zip(running, kernels, bands, strict=True)):
        node = graph.nodes[i]
        for kind, size in (
            ("scratch", kernel.scratch_bytes(graph, node, band)),
            ("state", kernel.state_bytes(graph, node)),
        ):
            if size > 0:
                extra.append((step, kind))
                demands.append(Demand(size, step, step))

    offsets, end = place(demands)
    live = live_bytes(demands, max(1, len(running)))
    buffers = [
        Buffer(region, offset, aligned(d.bytes), d.first, d.last) for offset, d in zip(offsets, demands, strict=True)
    ]
    by_storage = dict(zip(lifetimes, buffers, strict=False))
    by_step = dict(zip(extra, buffers[len(lifetimes) :], strict=True))

    steps = tuple(
        Step(i, kernel.symbol, band, by_step.get((step, "scratch")), by_step.get((step, "state")), live[step])
        for step, (i, kernel, band) in enumerate(zip(running, kernels, bands, strict=True))
    )
    schedule = tuple(Turn(step, 0, _rows(graph, graph.nodes[i])) for step, i in enumerate(running))
    maps = _maps(graph, owner, by_storage, running)
    peak = max(live)
    plan = Plan(
        graph=graph,
        options=options,
        families=families,
        segments=tuple(Segment((step,)) for step in range(len(steps))),
        steps=steps,
        maps=maps,
        schedule=schedule,
        regions={region: end},
        peak=end,
        lower_bound=peak,
        peak_step=live.index(peak),
        crc32=0,
    )
    return _with_crc(plan)


def _band(graph: Graph, node: Node, kernel: Kernel) -> int:
    """The kernel's favourite band, no larger than a frame."""
    frame = find_operator(node.op).geometry(graph, node).frame_rows
    band = kernel.bands(graph, node)[0]
    return frame if band == 0 else min(band, frame)


def _rows(graph: Graph, node: Node) -> int:
    return find_operator(node.op).geometry(graph, node).rows


def _lifetimes(graph: Graph, owner: Mapping[int, int], position: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Storage -> first and last step at which its bytes matter: inputs from the start, outputs to the end."""
    end = max(0, len(position) - 1)
    spans: dict[int, tuple[int, int]] = {}

    def extend(tensor: int, step: int) -> None:
        first, last = spans.get(owner[tensor], (step, step))
        spans[owner[tensor]] = (min(first, step), max(last, step))

    for t in graph.inputs:
        extend(t, 0)
    for i, step in position.items():
        for t in (*graph.nodes[i].inputs, *graph.nodes[i].outputs):
            if t in owner:
                extend(t, step)
    for t in graph.outputs:
        if t in owner:
            extend(t, end)
    return spans


def _maps(
    graph: Graph, owner: Mapping[int, int], buffers: Mapping[int, Buffer], running: list[int]
) -> Mapping[int, MapPlan]:
    """Every tensor that a kernel touches by rows, and the model's inputs and outputs."""
    maps: dict[int, MapPlan] = {}
    touched = [*graph.inputs, *graph.outputs]
    for i in running:
        node = graph.nodes[i]
        touched += [node.inputs[k] for k in find_operator(node.op).geometry(graph, node).inputs]
        touched += node.outputs
    for t in dict.fromkeys(touched):
        tensor = graph.tensors[t]
        rows, width, channels = tensor.rows_shape
        pitch = channels * tensor.dtype.bytes
        _check_limits(tensor, rows, width, pitch)
        constant = t not in owner
        maps[t] = MapPlan(
            tensor=t,
            kind=MapKind.CONSTANT if constant else MapKind.REAL,
            rows=rows,
            row_bytes=width * pitch,
            slots=rows,
            pitch=pitch,
            buffer=None if constant else buffers[owner[t]],
        )
    return maps


def _check_tables(graph: Graph, running: list[int]) -> None:
    """Raise EdgeError PLAN_LIMIT where a count exceeds its field in firmware/include/edge/model.h."""
    counts = [
        (len(running), UINT16_MAX, "operators", "the model"),
        (len(graph.inputs), UINT8_MAX, "inputs", "the model"),
        (len(graph.outputs), UINT8_MAX, "outputs", "the model"),
    ]
    for i in running:
        node = graph.nodes[i]
        geometry = find_operator(node.op).geometry(graph, node)
        counts.append((len(geometry.inputs), UINT8_MAX, "inputs", f"layer {i} ({node.op})"))
        counts.append((len(geometry.outputs), UINT8_MAX, "outputs", f"layer {i} ({node.op})"))
    for count, most, what, where in counts:
        if count > most:
            raise EdgeError(PLAN_LIMIT, f"{count} {what}; the firmware's tables hold {most}", where=where)


def _check_limits(tensor: Tensor, rows: int, width: int, pitch: int) -> None:
    for value, what in ((rows, "rows"), (width, "pixels in a row"), (pitch, "bytes in a pixel")):
        if value >= UINT16_MAX // 2:
            raise EdgeError(
                PLAN_LIMIT,
                f"a tensor has {value} {what}; the firmware's tables hold fewer than {UINT16_MAX // 2}",
                where=f"tensor {tensor.index} ({printable(tensor.name)})",
                tries=("reshape the tensor so that no axis is that long",),
            )


def _with_crc(plan: Plan) -> Plan:
    """The plan with its own CRC-32: over the model's CRC, the options, every step and place, and the SDK's version."""
    shape = {
        "version": __version__,
        "model": plan.graph.crc32,
        "options": asdict(plan.options),
        "steps": [asdict(s) for s in plan.steps],
        "nodes": [[n.op, n.inputs, n.outputs, repr(n.options)] for n in plan.graph.nodes],
        "maps": [asdict(m) | {"kind": m.kind.value} for m in plan.maps.values()],
        "schedule": [asdict(t) for t in plan.schedule],
        "regions": dict(plan.regions),
    }
    return replace(plan, crc32=zlib.crc32(json.dumps(shape, sort_keys=True).encode()))
