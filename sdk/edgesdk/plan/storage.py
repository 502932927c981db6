# SPDX-License-Identifier: Apache-2.0
"""The bytes that activations live in, each storage known by the tensor that owns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edgesdk.model.graph import Graph
from edgesdk.plan.place import aligned
from edgesdk.plan.views import View


@dataclass(frozen=True)
class Storage:
    """The bytes of one activation, as rows of the tensor that owns them.

    Args:
        tensor: the owner.
        rows, row_bytes: its shape as a map.
        contiguous: its rows must follow one another: a view cuts them otherwise, or the application sees them whole.
        kept: an output, live to the end.
        history: of `rows`, those above the call's first one: they stay from the calls before.
    """

    tensor: int
    rows: int
    row_bytes: int
    contiguous: bool
    kept: bool
    history: int = 0

    @property
    def stays(self) -> int:
        """The first row that lives to the end of the call."""
        last = self.rows - self.history
        return min(last, self.history) if self.kept else last if self.history else self.rows

    @property
    def slot_bytes(self) -> int:
        """What one row takes: rows that lie on their own begin at aligned addresses."""
        return self.row_bytes if self.contiguous else aligned(self.row_bytes)


def storages(
    graph: Graph,
    views: Mapping[int, View],
    streamed: bool,
    unstored: frozenset[int] = frozenset(),
    leaving: frozenset[int] = frozenset(),
) -> Mapping[int, Storage]:
    """Every storage of the graph by its owner; `unstored` tensors (virtual maps) have none, `leaving` ones are outputs
    whose rows are not kept."""
    found: dict[int, Storage] = {}
    for t in dict.fromkeys(v.storage for v in views.values()):
        if t in unstored:
            continue
        names = [a for a, v in views.items() if v.storage == t and not v.part]
        shapes = {map_shape(graph, a) for a in names}
        rows, row_bytes = map_shape(graph, t)
        resident = t in graph.inputs and not streamed
        kept = any(a in graph.outputs and a not in leaving for a in names)
        above = max(-(-graph.history.get(a, 0) * map_shape(graph, a)[1] // row_bytes) for a in names)
        found[t] = Storage(t, rows + above, row_bytes, len(shapes) > 1 or resident or kept, kept, above)
    return found


def map_shape(graph: Graph, tensor: int) -> tuple[int, int]:
    """(rows, bytes in a row) of a tensor as a dense map."""
    t = graph.tensors[tensor]
    rows, width, channels = t.rows_shape
    return rows, width * channels * t.dtype.bytes
