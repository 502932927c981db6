# SPDX-License-Identifier: Apache-2.0
"""Counts and shapes that the fields of firmware/include/edge/model.h hold."""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.errors import PLAN_LIMIT, EdgeError
from edgesdk.model.graph import Graph, Node, Tensor
from edgesdk.model.plan import ARRIVAL
from edgesdk.ops import find_operator
from edgesdk.text import printable

UINT8_MAX = 0xFF
UINT16_MAX = 0xFFFF


def check_tables(graph: Graph, running: Sequence[Node]) -> None:
    """Raise EdgeError PLAN_LIMIT where a count exceeds its field."""
    counts = [
        (len(running), ARRIVAL - 1, "operators", "the model"),
        (len(graph.inputs) + len(graph.again), UINT8_MAX, "inputs", "the model"),
        (len(graph.outputs), UINT8_MAX, "outputs", "the model"),
    ]
    ports = 0
    for node in running:
        geometry = find_operator(node.op).geometry(graph, node)
        where = f"layer {graph.nodes.index(node)} ({node.op})"
        counts.append((len(geometry.inputs), UINT8_MAX, "inputs", where))
        counts.append((len(geometry.outputs), UINT8_MAX, "outputs", where))
        ports += len(geometry.inputs) + len(geometry.outputs)
    counts.append((ports, UINT16_MAX, "inputs and outputs of operators", "the model"))
    for count, most, what, where in counts:
        if count > most:
            raise EdgeError(PLAN_LIMIT, f"{count} {what}; the firmware's tables hold {most}", where=where)


def check_map(tensor: Tensor) -> None:
    """Raise EdgeError PLAN_LIMIT where a map's shape exceeds its fields."""
    rows, width, channels = tensor.rows_shape
    pitch = channels * tensor.dtype.bytes
    for value, what in ((rows, "rows"), (width, "pixels in a row"), (pitch, "bytes in a pixel")):
        if value >= UINT16_MAX // 2:
            raise EdgeError(
                PLAN_LIMIT,
                f"a tensor has {value} {what}; the firmware's tables hold fewer than {UINT16_MAX // 2}",
                where=f"tensor {tensor.index} ({printable(tensor.name)})",
                tries=("reshape the tensor so that no axis is that long",),
            )
