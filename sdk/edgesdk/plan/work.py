# SPDX-License-Identifier: Apache-2.0
"""What the planner schedules: operators as rows, with the storage rows that each of their rows touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edgesdk.kernels import choose_kernel
from edgesdk.kernels.base import Kernel, Overlap
from edgesdk.model.graph import Graph
from edgesdk.ops import find_operator
from edgesdk.ops.base import Window
from edgesdk.plan.storage import Storage, map_shape


@dataclass(frozen=True)
class Port:
    """One map that a work touches: operator row y touches storage rows [low[y], high[y]); empty where low == high."""

    storage: int
    low: tuple[int, ...]
    high: tuple[int, ...]
    overlap: Overlap | None = None

    def span(self, row: int, rows: int) -> tuple[int, int]:
        """Storage rows that operator rows [row, row + rows) of one frame touch."""
        last = row + rows - 1
        if self.low[row] == self.high[row]:
            return self.low[last], self.high[last]
        if self.low[last] == self.high[last]:
            return self.low[row], self.high[row]
        return min(self.low[row], self.low[last]), max(self.high[row], self.high[last])


@dataclass(frozen=True)
class Work:
    """One step to be: a node, or a node with its epilogue, and its kernel.

    Args:
        bands: rows that one call may make, fewest first, none twice.
        favourite: the band at which the kernel runs fastest.
    """

    node: int
    epilogue: int | None
    kernel: Kernel
    rows: int
    frame_rows: int
    bands: tuple[int, ...]
    favourite: int
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]


def works_of(graph: Graph, families: tuple[str, ...]) -> list[tuple[int, int | None, Kernel]]:
    """(node, epilogue, kernel) of every node that runs, in order."""
    found: list[tuple[int, int | None, Kernel]] = []
    fused: set[int] = set()
    for i, node in enumerate(graph.nodes):
        if i in fused or find_operator(node.op).view:
            continue
        kernel = choose_kernel(graph, node, families)
        epilogue = kernel.fuses(graph, node)
        if epilogue is not None:
            fused.add(epilogue)
        found.append((i, epilogue, kernel))
    return found


def build_work(
    graph: Graph,
    choice: tuple[int, int | None, Kernel],
    owner: Mapping[int, int],
    stores: Mapping[int, Storage],
) -> Work:
    """The work of one choice of `works_of`."""
    i, epilogue, kernel = choice
    node = graph.nodes[i]
    geometry = find_operator(node.op).geometry(graph, node)
    made = node.outputs if epilogue is None else graph.nodes[epilogue].outputs
    rows, frame = geometry.rows, geometry.frame_rows

    def port(tensor: int, window: Window, overlap: Overlap | None, late: bool = False) -> Port:
        low, high = _touched(window, map_shape(graph, tensor)[0], rows, frame)
        if late:
            low, high = _completing(low, high)
        return _in_storage(graph, tensor, stores[owner[tensor]], low, high, overlap)

    bands = [frame if b == 0 else min(b, frame) for b in kernel.bands(graph, node)]
    return Work(
        node=i,
        epilogue=epilogue,
        kernel=kernel,
        rows=rows,
        frame_rows=frame,
        bands=tuple(sorted(set(bands))),
        favourite=bands[0],
        inputs=tuple(
            port(node.inputs[k], w, kernel.overlap(graph, node, k))
            for k, w in sorted(geometry.inputs.items())
            if node.inputs[k] in owner
        ),
        outputs=tuple(port(t, w, None, kernel.late) for t, w in zip(made, geometry.outputs, strict=True)),
    )


def _touched(window: Window, height: int, rows: int, frame_rows: int) -> tuple[list[int], list[int]]:
    """Map rows [low, high) of every operator row, without those outside the frame."""
    low, high = [], []
    per_frame = window.frame_rows or height
    for row in range(rows):
        frame, y = divmod(row, frame_rows)
        base = frame * window.frame_rows
        first = (y * window.num + window.offset) // window.den
        a = min(max(first, 0), per_frame)
        b = min(max(first + window.rows, a), per_frame)
        low.append(base + a)
        high.append(base + b)
    return low, high


def _completing(low: Sequence[int], high: Sequence[int]) -> tuple[list[int], list[int]]:
    """The same rows, each only where it is touched for the last time."""
    low, high = list(low), list(high)
    for row in range(len(low) - 1):
        if (low[row], high[row]) == (low[row + 1], high[row + 1]):
            high[row] = low[row]
    return low, high


def _in_storage(
    graph: Graph, tensor: int, storage: Storage, low: Sequence[int], high: Sequence[int], overlap: Overlap | None
) -> Port:
    """Rows of a view as rows of its storage, by bytes where they are cut differently."""
    shape = map_shape(graph, tensor)
    if shape == (storage.rows, storage.row_bytes):
        return Port(storage.tensor, tuple(low), tuple(high), overlap)
    ours, theirs = shape[1], storage.row_bytes
    return Port(
        storage.tensor,
        tuple(a * ours // theirs for a in low),
        tuple(a * ours // theirs if a == b else -(-b * ours // theirs) for a, b in zip(low, high, strict=True)),
        overlap if ours == theirs else None,
    )
