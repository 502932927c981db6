# SPDX-License-Identifier: Apache-2.0
"""Calls kernels with output rows laid over input rows that die in the call, at distances that they allow and below."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import lcm
from pathlib import Path

import numpy as np

from edgesdk.emit.model import emit_model, window_rows
from edgesdk.kernels.base import Kernel, Overlap
from edgesdk.kernels.palette import Palette, choose_kernel
from edgesdk.model.graph import Array, Graph
from edgesdk.ops import find_operator
from edgesdk.ops.base import Window
from edgesdk.ops.reference import run_reference
from edgesdk.resources import firmware_dir
from pitched import PAINT, _Rows, _Span
from single_node import side_by_side
from support import PALETTE, layer_by_layer

SHIM = """
#include "edge/model.h"
extern const edge_model overlapping_model;
void call(unsigned op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch, void *state);
void call(unsigned op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch, void *state) {
    overlapping_model.ops[op].kernel(&overlapping_model.ops[op], in, out, span, scratch, state);
}
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one kernel in one band: calls with an overlap, and those of them that gave wrong bytes."""

    graph: Graph
    band: int
    port: int
    overlaps: int
    wrong: int


def run_overlapped(
    graphs: Sequence[Graph],
    rng: np.random.Generator,
    directory: Path,
    *,
    short: bool = False,
    palette: Palette = PALETTE,
) -> Iterator[Outcome]:
    """Every graph (one node, or one and its epilogue) in every band, over every input position that allows it.

    Args:
        short: at the nearest distance that is too small for rows at 4-aligned addresses, instead of allowed ones;
            graphs whose lag is 0 are left out.
    """
    whole = side_by_side(graphs)
    plan = layer_by_layer(whole, palette)
    call = _load(emit_model(plan, "overlapping"), directory)
    index = {step.node: i for i, step in enumerate(plan.steps)}
    first = 0
    for graph in graphs:
        node = graph.nodes[0]
        kernel = choose_kernel(graph, node, palette)
        inputs = [_values(rng, graph, t) for t in graph.inputs]
        for port in sorted(find_operator(node.op).geometry(graph, node).inputs):
            overlap = kernel.overlap(graph, node, port)
            if overlap is None or node.inputs[port] not in graph.inputs or (short and overlap.lag == 0):
                continue
            for band in kernel.bands(graph, node):
                one = partial(call, index[first])
                yield _outcome(one, graph, kernel, band, port, overlap, inputs, rng, short)
        first += len(graph.nodes)


def _values(rng: np.random.Generator, graph: Graph, tensor: int) -> Array:
    t = graph.tensors[tensor]
    if t.dtype.value == "float32":
        return rng.uniform(-9, 9, t.shape).astype(np.float32)
    return rng.integers(-128, 128, t.shape).astype(np.int8).view(t.dtype.value)


def _load(texts: dict[str, str], directory: Path) -> ctypes._NamedFuncPointer:
    for name, text in texts.items():
        (directory / name).write_text(text)
    (directory / "shim.c").write_text(SHIM)
    firmware = firmware_dir()
    kernels = [k for k in (firmware / "kernels").glob("*.c") if not k.stem.endswith("_mve")]
    library = directory / "overlapping.so"
    includes = [f"-I{d}" for d in (firmware / "include", firmware / "kernels", directory)]
    sources = [directory / "model_overlapping.c", directory / "shim.c", *kernels]
    command = ["cc", "-std=c11", "-O0", "-fwrapv", "-shared", "-fPIC", *includes, *map(str, sources)]
    subprocess.run([*command, "-o", str(library)], check=True)
    call = ctypes.CDLL(str(library)).call
    call.argtypes = (ctypes.c_uint, *(ctypes.c_void_p,) * 2, _Span, *(ctypes.c_void_p,) * 2)
    return call


Row = tuple[int, int]  # tensor, row
Places = dict[Row, int]


def _outcome(
    call: Callable[..., None],
    graph: Graph,
    kernel: Kernel,
    band: int,
    port: int,
    overlap: Overlap,
    inputs: Sequence[Array],
    rng: np.random.Generator,
    short: bool,
) -> Outcome:
    node = graph.nodes[0]
    geometry = find_operator(node.op).geometry(graph, node)
    reads = [(node.inputs[k], w) for k, w in sorted(geometry.inputs.items())]
    writes = list(zip(graph.nodes[-1].outputs, geometry.outputs, strict=True))
    values = {t: v.data for t, v in graph.tensors.items() if v.data is not None}
    values |= dict(zip(graph.inputs, inputs, strict=True))
    values |= run_reference(graph, inputs)
    rows = {(t, r): row for t, _ in reads + writes for r, row in enumerate(_rows(graph, t, values[t]))}
    step = band or geometry.frame_rows
    calls = [
        (frame, y, min(step, geometry.frame_rows - y))
        for frame in range(geometry.rows // geometry.frame_rows)
        for y in range(0, geometry.frame_rows, step)
    ]
    last = {row: e for e, at in enumerate(calls) for t, w in reads + writes for row in _touched(graph, t, w, *at)}
    scratch = np.full(kernel.scratch_bytes(graph, node, band) // 4 + 1, PAINT, np.int32)
    state = np.zeros(kernel.state_bytes(graph, node) // 4 + 1, np.int32)
    overlaps = wrong = 0
    for e, (frame, y, n) in enumerate(calls):
        pairs: list[tuple[Row, Row]] = []
        for line in range(y, y + n):
            window = geometry.inputs[port]
            below = (
                [] if overlap.any_row else _touched(graph, node.inputs[port], window, frame, line + 1, y + n - line - 1)
            )
            asked = (y, n) if overlap.any_row else (line, 1)
            dying = {r for r in _touched(graph, node.inputs[port], window, frame, *asked) if last[r] == e} - set(below)
            for t, w in writes:
                made = [r for r in _touched(graph, t, w, frame, line, 1) if last[r] == e and r not in dict(pairs)]
                free = sorted(dying - {r for _, r in pairs})
                pairs += zip(made, [free[i] for i in rng.permutation(len(free))], strict=False)
        distances = {made: _distance(overlap, len(rows[made]), len(rows[lost]), rng, short) for made, lost in pairs}
        touched = [dict.fromkeys(_touched(graph, t, w, frame, y, n)) for t, w in reads + writes]
        margin = 64 + max(map(len, rows.values())) + max(distances.values(), default=0)
        places = {row: margin * (2 * i + 1) for i, row in enumerate(dict.fromkeys(r for rs in touched for r in rs))}
        places |= {made: places[lost] - distances[made] for made, lost in pairs}
        memory = np.full(margin * (2 * len(places) + 2), PAINT, np.uint8)
        memory = memory[-memory.ctypes.data % 4 :]
        for t, w in reads:
            for row in _touched(graph, t, w, frame, y, n):
                memory[places[row] : places[row] + len(rows[row])] = rows[row]
        want = memory.copy()
        for row in dict.fromkeys(r for rs in touched[len(reads) :] for r in rs):
            want[places[row] : places[row] + len(rows[row])] = rows[row]
        views = [_view(graph, t, w, (frame, y, n), places, memory) for t, w in reads + writes]
        table = (_Rows * len(views))(*(v for v, _, _ in views))
        out = ctypes.addressof(table) + len(reads) * ctypes.sizeof(_Rows)
        call(ctypes.addressof(table), out, _Span(y, n, 0, 0xFFFF, frame), scratch.ctypes.data, state.ctypes.data)
        for row in dict.fromkeys(r for rs in touched[len(reads) :] for r in rs):
            if last[row] != e:  # not complete yet, so it need not be written
                at = slice(places[row], places[row] + len(rows[row]))
                want[at] = memory[at]
        overlaps += bool(pairs)
        wrong += not np.array_equal(memory, want)
        assert scratch[-1] == PAINT, "the kernel wrote behind its scratch"
    return Outcome(graph, band, port, overlaps, wrong)


def _rows(graph: Graph, tensor: int, values: Array) -> Array:
    """A tensor's rows as bytes."""
    count = graph.tensors[tensor].rows_shape[0]
    return np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8).reshape(count, -1)


def _touched(graph: Graph, tensor: int, window: Window, frame: int, y: int, n: int) -> list[Row]:
    """The rows of a window that lie in the frame."""
    if n == 0:
        return []
    first, last = window_rows(window, y, n)
    height = window.frame_rows or graph.tensors[tensor].rows_shape[0]
    return [(tensor, frame * window.frame_rows + i) for i in range(max(0, first), min(last, height - 1) + 1)]


def _distance(overlap: Overlap, made: int, lost: int, rng: np.random.Generator, short: bool) -> int:
    """From the row made to the row lost: the lag, or a random distance at which they still share a byte."""
    if short:
        return overlap.lag - lcm(overlap.step, 4)
    if rng.random() < 0.5:
        return overlap.lag
    return overlap.lag + overlap.step * int(rng.integers(0, max(1, (made - overlap.lag) // overlap.step + 1)))


def _view(
    graph: Graph, tensor: int, window: Window, at: tuple[int, int, int], places: Places, memory: Array
) -> tuple[_Rows, object, Array]:
    frame, y, n = at
    t = graph.tensors[tensor]
    height, width, channels = t.rows_shape
    pitch = channels * t.dtype.bytes
    pad = np.full(width * pitch, t.zero_point & 0xFF, np.uint8)
    first, last = window_rows(window, y, n)
    base = frame * window.frame_rows
    inside = range(window.frame_rows or height)
    addresses = [
        memory.ctypes.data + places[tensor, base + i] if i in inside else pad.ctypes.data
        for i in range(first, last + 1)
    ]
    pointers = (ctypes.c_void_p * len(addresses))(*addresses)
    valid_from = min(max(0, -first), len(addresses))
    valid_to = max(valid_from, min(last, len(inside) - 1) - first + 1)
    return _Rows(pointers, first, len(addresses), valid_from, valid_to, pitch), pointers, pad
