# SPDX-License-Identifier: Apache-2.0
"""One model's C: packed constants, one struct per operator, the schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from edgesdk import __version__
from edgesdk.emit.c_text import c_array, c_number
from edgesdk.emit.render import render
from edgesdk.emit.turns import table_of
from edgesdk.errors import PLAN_LIMIT, EdgeError
from edgesdk.kernels.base import Kernel, Member, Symbol
from edgesdk.kernels.registry import kernels
from edgesdk.model.graph import Array, DType, Graph, Node, Tensor
from edgesdk.model.plan import Buffer, MapKind, MapPlan, Plan, Step
from edgesdk.ops import find_operator
from edgesdk.ops.base import Geometry, Window

UINT8_MAX, UINT16_MAX = 0xFF, 0xFFFF
OUTLET_ROWS = 2  # firmware/runtime/edge_context.h
EDGE_NONE, REGION_BYTES = 15, 1 << 27  # firmware/include/edge/model.h
DTYPES = {
    DType.INT8: "EDGE_INT8",
    DType.UINT8: "EDGE_UINT8",
    DType.INT32: "EDGE_INT32",
    DType.FLOAT32: "EDGE_FLOAT32",
}


def emit_model(plan: Plan, prefix: str) -> dict[str, str]:
    """The generated files of one model, by name: model_<prefix>.c and model_<prefix>.h.

    Args:
        plan: what to emit.
        prefix: a C identifier, unique in the firmware.
    """
    graph = plan.graph
    for name, size in plan.regions.items():
        if size > REGION_BYTES:
            raise EdgeError(PLAN_LIMIT, f"{size:,} bytes of {name}; the firmware's tables reach {REGION_BYTES:,}")
    region_index = {name: i for i, name in enumerate(plan.regions)}
    map_index = {t: i for i, t in enumerate(plan.stored)}
    arrays: dict[str, str] = {}
    shared: dict[tuple[str, bytes], str] = {}  # constants of equal bytes are one array
    pads = _pad_rows(plan)
    pad_symbols = {zp: _zero_point_symbol(prefix, zp) for zp in {zp for zp, _ in pads.values()}}
    for zp, symbol in sorted(pad_symbols.items()):
        longest = max(size for point, size in pads.values() if point == zp)
        arrays[symbol] = c_array(symbol, np.full(longest, zp, np.int8))

    maps = []
    for t in plan.stored:
        m = plan.maps[t]
        kind, stride, where = "EDGE_STRIDED", m.row_bytes if m.stride is None else m.stride, ""
        symbol = f"{prefix}_map{map_index[t]}"
        if m.kind is MapKind.CONSTANT:
            kind, where = "EDGE_CONSTANT", f".constant = {symbol}_data"
            arrays[symbol] = c_array(f"{symbol}_data", _bytes(graph.tensors[t].data))
        elif m.history:
            kind, where = "EDGE_RING", f".ring = &{symbol}_ring"
            arrays[symbol] = f"static const edge_ring {symbol}_ring = {{{len(m.places)}, {plan.rings.index(t)}}};\n"
        elif m.stride is None:
            table, stride = row_table(m)
            kind = "EDGE_BYTES" if table.dtype == np.uint8 else "EDGE_HALFWORDS"
            where = f".{kind.removeprefix('EDGE_').lower()} = {symbol}_rows"
            arrays[symbol] = c_array(f"{symbol}_rows", table)
        offset = 0 if not m.places else m.places[0].offset if m.stride is not None else _lowest(m)
        maps.append(
            {
                "where": where,
                "kind": kind,
                "pad_row": pad_symbols[pads[t][0]] if t in pads else "NULL",
                "offset": offset,
                "row_stride": stride,
                "rows": m.rows,
                "pitch": m.pitch,
                "pixels": graph.tensors[t].rows_shape[1],
                "pixel_bytes": graph.tensors[t].rows_shape[2] * graph.tensors[t].dtype.bytes,
                "region": region_index[m.places[0].region] if m.places else 0,
            }
        )

    by_symbol = {k.symbol: k for k in kernels()}
    ops = [
        _op(plan, step, by_symbol[step.kernel], f"{prefix}_op{i}", region_index, arrays, shared)
        for i, step in enumerate(plan.steps)
    ]
    ios = {
        "inputs": [_io(graph.tensors[t], map_index[t], plan.options.input == "streamed") for t in graph.inputs],
        "again": [_io(graph.tensors[t], map_index[t], True) for t in graph.again],
        "outputs": [_io(graph.tensors[t], map_index[t], t in plan.leaving) for t in graph.outputs],
    }
    op_ports, windows = ports_of(plan)
    ports, rows = context_size(plan)
    names = {
        "prefix": prefix,
        "upper": prefix.upper(),
        "version": __version__,
        "model_crc": graph.crc32,
        "plan_crc": plan.crc32,
    }
    source = render(
        "model.c.jinja",
        **names,
        symbols=sorted({s.kernel for s in plan.steps}),
        arrays=list(arrays.values()),
        maps=maps,
        ops=ops,
        ports=[(map_index[t], window) for of in op_ports for t, window in of],
        first_ports=list(accumulate((len(of) for of in op_ports), initial=0)),
        windows=windows,
        turns=table_of(plan.schedule),
        ios=ios,
        leave="edge_rows_leave" if plan.leaving else "NULL",
        rings=len(plan.rings),
        heads=plan.heads.offset if plan.heads else 0,
        heads_region=region_index[plan.heads.region] if plan.heads else 0,
        regions=list(plan.regions.values()),
    )
    header = render(
        "model.h.jinja",
        **names,
        ports=ports,
        rows=rows,
        regions=list(plan.regions.items()),
        sides=[("INPUT", ios["inputs"]), ("OUTPUT", ios["outputs"])],
    )
    return {f"model_{prefix}.c": source, f"model_{prefix}.h": header}


def context_size(plan: Plan) -> tuple[int, int]:
    """The most ports and the most row pointers that one call of one operator needs; where outputs are streamed, two
    pointers more: the sink and what it is given.

    Raises:
        EdgeError: PLAN_LIMIT where they exceed the context's fields.
    """
    ports = rows = 0
    for step in plan.steps:
        geometry = find_operator(plan.graph.nodes[step.node].op).geometry(plan.graph, plan.graph.nodes[step.node])
        windows = [*geometry.inputs.values(), *geometry.outputs]
        ports = max(ports, len(windows))
        rows = max(rows, _most_rows(plan, step, geometry))
    rows += OUTLET_ROWS if plan.leaving else 0
    if rows > UINT16_MAX:
        raise EdgeError(PLAN_LIMIT, f"an operator touches {rows} rows in one call; the context holds {UINT16_MAX}")
    return ports, rows


def _most_rows(plan: Plan, step: Step, geometry: Geometry) -> int:
    most = 0
    windows = [*geometry.inputs.values(), *geometry.outputs]
    for y in range(0, geometry.frame_rows, step.band):
        n = min(step.band, geometry.frame_rows - y)
        most = max(most, sum(last - first + 1 for first, last in (window_rows(w, y, n) for w in windows)))
    return most


def window_rows(window: Window, y: int, n: int) -> tuple[int, int]:
    """First and last map row of a window for operator rows [y, y + n), as the runtime computes them."""
    first = (y * window.num + window.offset) // window.den
    last = ((y + n - 1) * window.num + window.offset) // window.den
    return min(first, last), max(first, last) + window.rows - 1


def _op(
    plan: Plan,
    step: Step,
    kernel: Kernel,
    prefix: str,
    region_index: Mapping[str, int],
    arrays: dict[str, str],
    shared: dict[tuple[str, bytes], str],
) -> dict[str, Any]:
    graph, node = plan.graph, plan.graph.nodes[step.node]
    geometry = find_operator(node.op).geometry(graph, node)
    members = []
    for name, value in params_of(graph, step, kernel).items():
        if value is None:
            members.append((name, "NULL"))
        elif isinstance(value, np.ndarray):
            symbol = shared.setdefault((value.dtype.name, value.tobytes()), f"{prefix}_{name.replace('.', '_')}")
            if symbol not in arrays:
                arrays[symbol] = c_array(symbol, value)
            members.append((name, symbol))
        elif isinstance(value, Symbol):
            members.append((name, value.name))
        else:
            members.append((name, c_number(value)))

    def place(buffer: Buffer | None) -> tuple[int, int]:
        return (buffer.offset, region_index[buffer.region]) if buffer else (0, EDGE_NONE)

    return {
        "comment": _comment(graph, node, step.epilogue, _made(graph, step)),
        "symbol": kernel.symbol,
        "members": members,
        "scratch": place(step.scratch),
        "state": place(step.state),
        "frame_rows": geometry.frame_rows,
        "band": step.band,
        "inputs": len(geometry.inputs),
        "outputs": len(geometry.outputs),
    }


def params_of(graph: Graph, step: Step, kernel: Kernel) -> Mapping[str, Member]:
    """The members of a step's params."""
    node = graph.nodes[step.node]
    given = kernel.scratch_members(graph, node, step.scratch.bytes if step.scratch else 0)
    return {**kernel.pack(graph, node).members, **given}


def _lowest(m: MapPlan) -> int:
    """Where the lowest row of a map lies, those that are never made left out."""
    return min((p.offset for p in m.places if p.first <= p.last), default=0)


def row_table(m: MapPlan) -> tuple[Array, int]:
    """How far every row lies behind the lowest, in bytes or halfwords, and their unit in bytes; 0 for rows that are
    never made."""
    lowest = _lowest(m)
    offsets = np.array([p.offset - lowest if p.first <= p.last else 0 for p in m.places], np.int64)
    unit = max(1, int(np.gcd.reduce(offsets)))
    if offsets.max() // unit > UINT16_MAX:
        raise EdgeError(
            PLAN_LIMIT,
            f"rows of a map lie {offsets.max():,} bytes apart, in steps of {unit}",
            where=f"tensor {m.tensor}",
        )
    return (offsets // unit).astype(np.uint8 if offsets.max() // unit <= UINT8_MAX else np.uint16), unit


def ports_of(plan: Plan) -> tuple[list[list[tuple[int, int]]], list[tuple[int, ...]]]:
    """By step: (tensor, window) of its inputs, then outputs; and the windows that they name."""
    windows: dict[tuple[int, ...], int] = {}
    found = []
    for step in plan.steps:
        node = plan.graph.nodes[step.node]
        geometry = find_operator(node.op).geometry(plan.graph, node)
        touched = [(node.inputs[k], w) for k, w in sorted(geometry.inputs.items())]
        touched += zip(_made(plan.graph, step), geometry.outputs, strict=True)
        members = [(t, (w.num, w.den, w.offset, w.rows, w.frame_rows)) for t, w in touched]
        found.append([(t, windows.setdefault(window, len(windows))) for t, window in members])
    return found, list(windows)


def _made(graph: Graph, step: Step) -> Sequence[int]:
    """What a step writes: its epilogue's outputs where it has one."""
    return graph.nodes[step.node if step.epilogue is None else step.epilogue].outputs


def _comment(graph: Graph, node: Node, epilogue: int | None, made: Sequence[int]) -> str:
    """Operator, its epilogue, and the shapes of what they make; no string of the model."""
    shapes = ", ".join(str(list(graph.tensors[t].shape)) for t in made)
    return f"{node.op if epilogue is None else f'{node.op} > {graph.nodes[epilogue].op}'} -> {shapes}"


def _pad_rows(plan: Plan) -> dict[int, tuple[int, int]]:
    """Tensor -> (zero point, row bytes), for the inputs whose rows outside the frame are read."""
    found: dict[int, tuple[int, int]] = {}
    for step in plan.steps:
        node = plan.graph.nodes[step.node]
        operator = find_operator(node.op)
        if not operator.zero_point_rows:
            continue
        geometry = operator.geometry(plan.graph, node)
        for k, window in geometry.inputs.items():
            first, _ = window_rows(window, 0, 1)
            _, last = window_rows(window, geometry.frame_rows - 1, 1)
            t = node.inputs[k]
            if first < 0 or last >= (window.frame_rows or plan.maps[t].rows):
                # a ring holds such rows and is filled with the one byte
                size = 1 if plan.maps[t].history else plan.graph.tensors[t].rows_shape[1] * plan.maps[t].pitch
                found[t] = (plan.graph.tensors[t].zero_point, size)
    return found


def pad_row_bytes(plan: Plan) -> int:
    """Bytes of the shared rows of zero points: one per zero point, as wide as the widest map that needs it."""
    longest: dict[int, int] = {}
    for zero_point, size in _pad_rows(plan).values():
        longest[zero_point] = max(longest.get(zero_point, 0), size)
    return sum(longest.values())


def _zero_point_symbol(prefix: str, zero_point: int) -> str:
    sign = "m" if zero_point < 0 else "p"
    return f"{prefix}_zero_point_{sign}{abs(zero_point)}"


def _bytes(data: Array | None) -> Array:
    if data is None:
        raise ValueError("a constant map without data")
    return np.frombuffer(np.ascontiguousarray(data).tobytes(), np.int8)


def _decimal(scale: float) -> str:
    """A float32 in as many digits as tell it from its neighbours; C++ before 17 has no hexadecimal floats."""
    text = f"{scale:.9g}"
    return text if "." in text or "e" in text else f"{text}.0"


def _io(tensor: Tensor, index: int, streamed: bool) -> dict[str, Any]:
    scale = float(tensor.quantization.scale[0]) if tensor.quantization else 1.0
    rows, pixels, channels = tensor.rows_shape
    return {
        "map": index,
        "dtype": DTYPES[tensor.dtype],
        "type": tensor.dtype.name.lower(),
        "shape": tensor.shape,
        "streamed": "true" if streamed else "false",
        "quantized": tensor.quantization is not None,
        "zero_point": tensor.zero_point,
        "scale": c_number(scale),
        "decimal": _decimal(scale),
        "bytes": tensor.bytes,
        "rows": rows,
        "row_bytes": pixels * channels * tensor.dtype.bytes,
    }
