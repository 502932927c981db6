# SPDX-License-Identifier: Apache-2.0
"""Graphs planned with the kernels that a test names, whatever the board's core would choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.kernels.palette import Palette
from edgesdk.measure.prepare import Prepared
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.plan import Region, plan_graph

NARROW = 40_000  # a board with less RAM takes few and small layers at a time
TOGETHER = 12  # planning layers side by side grows faster than their number


def narrow(board: Board) -> bool:
    return board.ram_bytes(board.placement.stack) < NARROW


def prepared_with(graph: Graph, board: Board, palette: Palette, optimize: str) -> Prepared:
    """A graph that runs as it is."""
    place = board.placement.arena[0]
    room = board.ram_bytes(place) - (board.reserve_ram_bytes if place == board.placement.stack else 0) - 1_000
    plan = plan_graph(graph, palette, [Region(place, room)], Options(optimize=optimize), room)
    return Prepared(Path("forced.tflite"), graph, plan, graph, board, "forced", palette)


def batches(graphs: Sequence[Graph], board: Board) -> Iterator[list[Graph]]:
    """Graphs that one firmware holds side by side."""
    room = 7_000 if narrow(board) else 200_000
    batch: list[Graph] = []
    for graph in graphs:
        held = sum(t.bytes for g in (*batch, graph) for t in g.tensors.values() if t.data is None)
        if batch and (held > room or len(batch) == TOGETHER):
            yield batch
            batch = []
        batch.append(graph)
    yield batch
