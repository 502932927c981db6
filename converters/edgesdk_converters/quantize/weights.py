# SPDX-License-Identifier: Apache-2.0
"""Scales of weights: symmetric and narrow, [-127, 127]. The same rule for numpy's arrays and keras.ops's tensors."""

from __future__ import annotations

from edgesdk.model.graph import Graph
from edgesdk_converters.quantize.roles import CHANNEL_AXIS, WEIGHTS
from edgesdk_converters.quantize.shares import is_shares

LARGEST = 127


def symmetric(graph: Graph) -> dict[int, int | None]:
    """Constant -> the axis along which it has scales of its own, None for one scale, of all weights around zero."""
    found: dict[int, int | None] = {}
    for node in graph.nodes:
        if node.op in WEIGHTS:
            found[node.inputs[WEIGHTS[node.op]]] = CHANNEL_AXIS[node.op]
        elif node.op == "edgesdk.OrdinalPool" and not is_shares(graph.tensor_in(node, 1).data):
            found[node.inputs[1]] = 0
        elif node.op == "edgesdk.ProductKeyMemory":
            found |= dict.fromkeys(node.inputs[1:], None)
    return found


def other_axes(rank: int, axis: int | None) -> tuple[int, ...]:
    """The axes that share a scale."""
    return tuple(a for a in range(rank) if a != axis)
