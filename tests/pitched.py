# SPDX-License-Identifier: Apache-2.0
"""Calls one kernel on hand-made row tables: any band, scattered rows, pixels further apart than they need."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from edgesdk.emit.model import emit_model, window_rows
from edgesdk.kernels.palette import Palette, choose_kernel
from edgesdk.model.graph import Array, Graph, Tensor
from edgesdk.ops import find_operator
from edgesdk.ops.base import Window
from edgesdk.ops.reference import run_reference
from edgesdk.resources import firmware_dir
from support import PALETTE, layer_by_layer

SHIM = """
#include "edge/model.h"
extern const edge_model pitched_model;
void call(const edge_rows *in, const edge_rows *out, edge_span span, void *scratch, void *state);
void call(const edge_rows *in, const edge_rows *out, edge_span span, void *scratch, void *state) {
    pitched_model.ops[0].kernel(&pitched_model.ops[0], in, out, span, scratch, state);
}
"""
PAINT = 0x55


class _Rows(ctypes.Structure):
    _fields_ = (
        ("row", ctypes.POINTER(ctypes.c_void_p)),
        ("y", ctypes.c_int16),
        ("count", ctypes.c_uint16),
        ("valid_from", ctypes.c_uint16),
        ("valid_to", ctypes.c_uint16),
        ("pitch", ctypes.c_uint16),
    )


class _Span(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint16) for name in ("y", "rows", "x0", "x1", "frame"))


class _Map:
    """An int8 tensor as separate rows, each pixel followed by `gap` painted bytes."""

    def __init__(self, tensor: Tensor, gap: int) -> None:
        rows, width, channels = tensor.rows_shape
        self.rows = [np.full((width, channels + gap), PAINT, np.int8) for _ in range(rows)]
        self.pad = np.full((width, channels + gap), PAINT, np.int8)
        self.pad[:, :channels] = tensor.zero_point
        self.channels = channels

    def fill(self, values: Array) -> None:
        for row, value in zip(self.rows, values.reshape(len(self.rows), -1, self.channels), strict=True):
            row[:, : self.channels] = value

    def read(self) -> Array:
        for row in self.rows:
            assert (row[:, self.channels :] == PAINT).all(), "the kernel wrote between pixels"
        return np.stack([row[:, : self.channels] for row in self.rows])

    def view(self, window: Window, frame: int, y: int, n: int) -> tuple[_Rows, object]:
        first, last = window_rows(window, y, n)
        height = window.frame_rows or len(self.rows)
        base = frame * window.frame_rows
        arrays = [self.rows[base + i] if 0 <= i < height else self.pad for i in range(first, last + 1)]
        pointers = (ctypes.c_void_p * len(arrays))(*(a.ctypes.data for a in arrays))
        valid_from = min(max(0, -first), len(arrays))
        valid_to = max(valid_from, min(last, height - 1) - first + 1)
        pitch = self.pad.shape[1]
        return _Rows(pointers, first, len(arrays), valid_from, valid_to, pitch), pointers


def load_kernel(graph: Graph, directory: Path, palette: Palette = PALETTE) -> ctypes.CDLL:
    """The kernel of the first node, with its constants, as a shared library with the function `call`."""
    plan = layer_by_layer(graph, palette)
    for name, text in emit_model(plan, "pitched").items():
        (directory / name).write_text(text)
    (directory / "shim.c").write_text(SHIM)
    firmware = firmware_dir()
    kernels = [k for k in (firmware / "kernels").glob("*.c") if not k.stem.endswith("_mve")]
    includes = [f"-I{firmware / d}" for d in ("include", "kernels")]
    library = directory / "pitched.so"
    sources = [directory / "model_pitched.c", directory / "shim.c", *kernels]
    command = ["cc", "-std=c11", "-O0", "-fwrapv", "-shared", "-fPIC", *includes, f"-I{directory}"]
    subprocess.run([*command, *map(str, sources), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def assert_pitched_equals_reference(
    graph: Graph,
    inputs: Sequence[Array],
    directory: Path,
    *,
    gaps: Sequence[int] = (0, 1, 5),
    palette: Palette = PALETTE,
) -> None:
    """Runs a graph of one node, or of one and its epilogue, in every band its kernel offers, with every gap."""
    node = graph.nodes[0]
    kernel = choose_kernel(graph, node, palette)
    assert kernel.fuses(graph, node) == (1 if len(graph.nodes) == 2 else None)
    geometry = find_operator(node.op).geometry(graph, node)
    values = dict(zip(graph.inputs, inputs, strict=True))
    operands = [None if t < 0 else values.get(t, graph.tensors[t].data) for t in node.inputs]
    reference = run_reference(graph, inputs)
    want = [reference[t] for t in graph.nodes[-1].outputs]
    call = load_kernel(graph, directory, palette).call
    call.argtypes = (ctypes.c_void_p, ctypes.c_void_p, _Span, ctypes.c_void_p, ctypes.c_void_p)
    for gap in gaps:
        for band in kernel.bands(graph, node):
            sources = [_Map(graph.tensor_in(node, k), gap) for k in sorted(geometry.inputs)]
            targets = [_Map(graph.tensors[t], gap) for t in graph.nodes[-1].outputs]
            for k, source in zip(sorted(geometry.inputs), sources, strict=True):
                source.fill(np.asarray(operands[k]))
            scratch = np.zeros(kernel.scratch_bytes(graph, node, band) // 4 + 1, np.int32)
            state = np.zeros(kernel.state_bytes(graph, node) // 4 + 1, np.int32)
            step = band or geometry.frame_rows
            for frame in range(geometry.rows // geometry.frame_rows):
                for y in range(0, geometry.frame_rows, step):
                    n = min(step, geometry.frame_rows - y)
                    windows = [geometry.inputs[k] for k in sorted(geometry.inputs)]
                    views = [m.view(w, frame, y, n) for m, w in zip(sources, windows, strict=True)]
                    views += [m.view(w, frame, y, n) for m, w in zip(targets, geometry.outputs, strict=True)]
                    table = (_Rows * len(views))(*(v for v, _ in views))
                    outputs = ctypes.addressof(table) + len(sources) * ctypes.sizeof(_Rows)
                    span = _Span(y, n, 0, 0xFFFF, frame)
                    call(ctypes.addressof(table), outputs, span, scratch.ctypes.data, state.ctypes.data)
            for target, expected in zip(targets, want, strict=True):
                np.testing.assert_array_equal(
                    target.read(), expected.reshape(target.read().shape), err_msg=f"gap {gap}, band {band}"
                )
