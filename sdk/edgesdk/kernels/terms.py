# SPDX-License-Identifier: Apache-2.0
"""What a kernel's work on a node is counted in."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.base import Window


@dataclass(frozen=True)
class Terms:
    """Counts over a whole node, or with the same names what one of each costs.

    Args:
        calls: of the kernel.
        rows: of all maps that the calls touch, counted anew in each.
        pixels: of the output.
        outputs: elements.
        reads: elements of the input rows that the calls touch.
        macs: multiply-accumulates.
    """

    calls: float
    rows: float
    pixels: float
    outputs: float
    reads: float
    macs: float

    def of(self, counts: Terms) -> float:
        """What these counts cost in all."""
        return float(sum(cost * count for cost, count in zip(astuple(self), astuple(counts), strict=True)))


def terms_of(graph: Graph, node: Node, band: int) -> Terms:
    """The counts of a node that runs in calls of `band` operator rows, 0 standing for all of a frame."""
    operator = find_operator(node.op)
    geometry = operator.geometry(graph, node)
    band = min(band or geometry.frame_rows, geometry.frame_rows)
    calls = geometry.rows // geometry.frame_rows * -(-geometry.frame_rows // band)
    made = graph.tensor_out(node)
    outputs = sum(graph.tensor_out(node, k).elements for k in range(len(node.outputs)))
    channels = made.shape[-1] if made.shape else 1
    read = {k: calls * _span(window, band) for k, window in geometry.inputs.items()}
    return Terms(
        calls=calls,
        rows=sum(read.values()) + calls * sum(_span(window, band) for window in geometry.outputs),
        pixels=outputs // channels,
        outputs=outputs,
        reads=sum(rows * math.prod(graph.tensor_in(node, k).rows_shape[1:]) for k, rows in read.items()),
        macs=operator.macs(graph, node),
    )


def _span(window: Window, band: int) -> int:
    """Rows that a call touches in the middle of a frame."""
    rows = (band - 1) * window.num // window.den + window.rows
    return min(rows, window.frame_rows) if window.frame_rows else rows
