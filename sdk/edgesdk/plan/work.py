# SPDX-License-Identifier: Apache-2.0
"""What the planner schedules: operators as rows, with the storage rows that each of their rows touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edgesdk.kernels.base import Kernel, Overlap
from edgesdk.kernels.palette import Palette, bands_of, choose_kernel
from edgesdk.model.graph import Graph
from edgesdk.ops import find_operator
from edgesdk.ops.base import Window
from edgesdk.plan.storage import Storage, map_shape
from edgesdk.plan.views import View


@dataclass(frozen=True)
class Port:
    """One map that a work touches: operator row y touches storage rows [low[y], high[y]); empty where low == high.

    Args:
        makers: of an input: the works, and as negative numbers the arrivals, that write what it reads.
    """

    storage: int
    low: tuple[int, ...]
    high: tuple[int, ...]
    overlap: Overlap | None = None
    makers: tuple[int, ...] = ()

    def span(self, row: int, rows: int) -> tuple[int, int]:
        """Storage rows that operator rows [row, row + rows) of one frame touch."""
        first, last = row, row + rows - 1
        while first < last and self.low[first] == self.high[first]:  # rows of padding alone, at either end
            first += 1
        while last > first and self.low[last] == self.high[last]:
            last -= 1
        return min(self.low[first], self.low[last]), max(self.high[first], self.high[last])


@dataclass(frozen=True)
class Work:
    """One step to be: a node, or a node with its epilogue, and its kernel.

    Args:
        bands: rows that one call may make, fewest first, none twice.
        favourite: the band at which the kernel runs fastest.
        macs: multiply-accumulates.
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
    macs: int


def works_of(graph: Graph, palette: Palette, joined: frozenset[int]) -> list[tuple[int, int | None, Kernel]]:
    """(node, epilogue, kernel) of every node that runs, in order.

    Args:
        joined: nodes that do not run because their parts are views.
    """
    found: list[tuple[int, int | None, Kernel]] = []
    fused: set[int] = set()
    for i, node in enumerate(graph.nodes):
        if i in fused or i in joined or find_operator(node.op).view:
            continue
        kernel = choose_kernel(graph, node, palette)
        epilogue = kernel.fuses(graph, node)
        if epilogue is not None:
            fused.add(epilogue)
        found.append((i, epilogue, kernel))
    return found


def build_work(
    graph: Graph,
    choice: tuple[int, int | None, Kernel],
    palette: Palette,
    views: Mapping[int, View],
    stores: Mapping[int, Storage],
    makers: Mapping[int, tuple[int, ...]],
) -> Work:
    """The work of one choice of `works_of`."""
    i, epilogue, kernel = choice
    node = graph.nodes[i]
    geometry = find_operator(node.op).geometry(graph, node)
    made = node.outputs if epilogue is None else graph.nodes[epilogue].outputs
    rows, frame = geometry.rows, geometry.frame_rows
    dense = not any(views[t].part for t in made)

    def read(tensor: int, window: Window, overlap: Overlap | None) -> Port:
        low, high = touched(window, map_shape(graph, tensor)[0], rows, frame, graph.history.get(tensor, 0))
        whole = dense and not views[tensor].part  # kernels state their overlaps for dense rows
        return _in_storage(graph, tensor, views, stores, low, high, overlap if whole else None, makers[tensor])

    def written(tensor: int, window: Window) -> Port:
        low, high = touched(window, map_shape(graph, tensor)[0], rows, frame)
        if kernel.late:
            low, high = _completing(low, high)
        return _in_storage(graph, tensor, views, stores, low, high)

    return Work(
        node=i,
        epilogue=epilogue,
        kernel=kernel,
        rows=rows,
        frame_rows=frame,
        bands=tuple(sorted(bands_of(graph, node, kernel))),
        favourite=palette.favourite(graph, node, kernel),
        inputs=tuple(
            read(node.inputs[k], w, kernel.overlap(graph, node, k))
            for k, w in sorted(geometry.inputs.items())
            if node.inputs[k] in views
        ),
        outputs=tuple(written(t, w) for t, w in zip(made, geometry.outputs, strict=True)),
        macs=find_operator(node.op).macs(graph, node),
    )


def touched(window: Window, height: int, rows: int, frame_rows: int, above: int = 0) -> tuple[list[int], list[int]]:
    """Map rows [low, high) of every operator row, without those outside the frame; `above` rows over it exist."""
    low, high = [], []
    per_frame = window.frame_rows or height
    for row in range(rows):
        frame, y = divmod(row, frame_rows)
        base = frame * window.frame_rows
        first = (y * window.num + window.offset) // window.den
        a = min(max(first, -above), per_frame)
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
    graph: Graph,
    tensor: int,
    views: Mapping[int, View],
    stores: Mapping[int, Storage],
    low: Sequence[int],
    high: Sequence[int],
    overlap: Overlap | None = None,
    makers: tuple[int, ...] = (),
) -> Port:
    """Rows of a tensor as rows of its storage, by bytes where they are cut differently."""
    view = views[tensor]
    storage = stores[view.storage]
    shape = map_shape(graph, tensor)
    if view.part:
        low, high = [view.row + a for a in low], [view.row + b for b in high]
    elif shape != (storage.rows - storage.history, storage.row_bytes):
        ours, theirs = shape[1], storage.row_bytes
        high = [a * ours // theirs if a == b else -(-b * ours // theirs) for a, b in zip(low, high, strict=True)]
        low = [a * ours // theirs for a in low]
        overlap = overlap if ours == theirs else None
    above = storage.history
    return Port(storage.tensor, tuple(a + above for a in low), tuple(b + above for b in high), overlap, makers)


def makers_of(
    graph: Graph,
    choices: Sequence[tuple[int, int | None, Kernel]],
    joined: frozenset[int],
    streamed: bool,
) -> Mapping[int, tuple[int, ...]]:
    """Activation -> the works (positions in `choices`), or as -1 - k the arrival of input k, that write its bytes."""
    arriving = (*graph.inputs, *graph.again)
    found: dict[int, tuple[int, ...]] = {t: (-1 - k,) if streamed else () for k, t in enumerate(arriving)}
    for position, (i, epilogue, _) in enumerate(choices):
        made = graph.nodes[i].outputs if epilogue is None else graph.nodes[epilogue].outputs
        found |= dict.fromkeys(made, (position,))
    for i, node in enumerate(graph.nodes):
        if i in joined or find_operator(node.op).view:
            sources = [found.get(t, ()) for t in node.inputs]
            found |= dict.fromkeys(node.outputs, tuple(dict.fromkeys(k for makers in sources for k in makers)))
    return found
