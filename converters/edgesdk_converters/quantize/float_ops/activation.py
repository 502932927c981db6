# SPDX-License-Identifier: Apache-2.0
"""Functions of single elements, SOFTMAX, and the activations that other operators have fused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from keras import ops

from edgesdk.model.graph import Graph, Node

_FUSED = {
    "NONE": lambda x: x,
    "RELU": ops.relu,
    "RELU6": ops.relu6,
    "RELU_N1_TO_1": lambda x: ops.clip(x, -1.0, 1.0),
}


def activated(node: Node, x: Any) -> Any:
    """Behind the node's fused activation."""
    return _FUSED[node.options.activation](x)


def _element_wise(function: Callable[[Any], Any]) -> Callable[[Graph, Node, Sequence[Any]], Sequence[Any]]:
    return lambda graph, node, operands: (function(operands[0]),)


def softmax(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    return (ops.softmax(operands[0] * node.options.beta, axis=-1),)


def leaky_relu(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    return (ops.leaky_relu(operands[0], node.options.alpha),)


OPERATORS = {
    "HARD_SWISH": _element_wise(ops.hard_silu),
    "LEAKY_RELU": leaky_relu,
    "LOGISTIC": _element_wise(ops.sigmoid),
    "QUANTIZE": _element_wise(lambda x: x),
    "RELU": _element_wise(ops.relu),
    "RELU6": _element_wise(ops.relu6),
    "SOFTMAX": softmax,
    "TANH": _element_wise(ops.tanh),
}
