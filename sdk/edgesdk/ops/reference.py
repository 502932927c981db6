# SPDX-License-Identifier: Apache-2.0
"""Runs a whole graph on the operators' integer references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgesdk.model.graph import Array, Graph
from edgesdk.ops.registry import find_operator


def run_reference(graph: Graph, inputs: Sequence[Array]) -> Mapping[int, Array]:
    """Every activation of the graph for one inference, by tensor index.

    Args:
        graph: a checked graph.
        inputs: its inputs in signature order, in their shapes and types.
    """
    values: dict[int, Array] = dict(zip(graph.inputs, inputs, strict=True))
    values |= {t: values[source] for t, source in graph.again.items()}
    for node in graph.nodes:
        operands = [None if t < 0 else values.get(t, graph.tensors[t].data) for t in node.inputs]
        results = find_operator(node.op).reference(graph, node, operands)
        values |= dict(zip(node.outputs, results, strict=True))
    return values
