# SPDX-License-Identifier: Apache-2.0
"""A TRANSPOSE that only moves axes of length 1 moves no element: it becomes a RESHAPE, which is free."""

from __future__ import annotations

from dataclasses import replace

from edgesdk.model.graph import Graph, Node
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.ops.transpose import OPERATOR


def transpose_view(graph: Graph) -> Graph:
    """The graph with RESHAPE for each such TRANSPOSE; the constant permutation is no operand any more."""
    return graph.with_nodes(tuple(_as_view(graph, node) for node in graph.nodes))


def _as_view(graph: Graph, node: Node) -> Node:
    if node.op != OPERATOR.name:
        return node
    source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
    long_axes = [a for a in OPERATOR.permutation(graph, node) if source.shape[a] > 1]
    if long_axes != sorted(long_axes):
        return node
    return replace(node, op="RESHAPE", inputs=node.inputs[:1], options=ReshapeOptions(target.shape))
