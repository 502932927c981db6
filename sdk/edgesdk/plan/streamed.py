# SPDX-License-Identifier: Apache-2.0
"""Outputs whose rows leave as soon as they are made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from edgesdk.errors import PLAN_OUTPUT, EdgeError
from edgesdk.kernels.base import Kernel
from edgesdk.model.graph import Graph
from edgesdk.ops import find_operator
from edgesdk.plan.storage import map_shape
from edgesdk.plan.work import touched
from edgesdk.text import printable


def streamable(graph: Graph, choices: Sequence[tuple[int, int | None, Kernel]]) -> frozenset[int]:
    """The outputs that an operator makes row by row: each row whole in one call, top to bottom. All others (inputs,
    constants, other shapes of a tensor, sums that grow from call to call) stay resident.

    Args:
        choices: as `works_of` gives them.
    """
    found = set()
    for i, epilogue, kernel in choices:
        node = graph.nodes[i]
        geometry = find_operator(node.op).geometry(graph, node)
        made = node.outputs if epilogue is None else graph.nodes[epilogue].outputs
        for t, window in zip(made, geometry.outputs, strict=True):
            height = map_shape(graph, t)[0]
            low, high = touched(window, height, geometry.rows, geometry.frame_rows)
            follow = all(a == b for a, b in zip(high, low[1:], strict=False)) and all(a <= b for a, b in pairwise(low))
            if t in graph.outputs and not kernel.late and follow and (low[0], high[-1]) == (0, height):
                found.add(t)
    return frozenset(found)


def check_streamable(graph: Graph, leaving: frozenset[int]) -> None:
    """Refuse a streamed output of a graph that has none.

    Raises:
        EdgeError: PLAN_OUTPUT.
    """
    if leaving:
        return
    words = []
    for t in graph.outputs:
        node = graph.nodes[graph.producer[t]] if t in graph.producer else None
        why = "is no operator's" if node is None else f"is made by {node.op}"
        if node is not None:
            why += ", another shape of a map" if find_operator(node.op).view else ", not row by row"
        words.append(f"{printable(graph.tensors[t].name)} {why}")
    raise EdgeError(
        PLAN_OUTPUT,
        "no output of this model can be streamed",
        why="; ".join(words),
        tries=("leave out --output streamed", "end the model with the operator that makes the map, without a RESHAPE"),
    )
