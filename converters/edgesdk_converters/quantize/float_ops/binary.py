# SPDX-License-Identifier: Apache-2.0
"""ADD, SUB, MUL, MAXIMUM and MINIMUM, which broadcast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from keras import ops

from edgesdk.model.graph import Graph, Node
from edgesdk_converters.quantize.float_ops.activation import activated


def _binary(function: Callable[[Any, Any], Any]) -> Callable[[Graph, Node, Sequence[Any]], Sequence[Any]]:
    def run(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
        rank = len(graph.tensor_out(node).shape)
        a, b = (_aligned(graph, node, k, operands[k], rank) for k in (0, 1))
        y = function(a, b)
        return (activated(node, y) if hasattr(node.options, "activation") else y,)

    return run


def _aligned(graph: Graph, node: Node, k: int, x: Any, rank: int) -> Any:
    """With as many axes as the output has, behind the samples."""
    tensor = graph.tensor_in(node, k)
    if tensor.constant:
        return x
    return ops.reshape(x, (-1, *(1,) * (rank - len(tensor.shape)), *tensor.shape))


OPERATORS = {
    "ADD": _binary(ops.add),
    "MAXIMUM": _binary(ops.maximum),
    "MINIMUM": _binary(ops.minimum),
    "MUL": _binary(ops.multiply),
    "SUB": _binary(ops.subtract),
}
