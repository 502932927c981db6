# SPDX-License-Identifier: Apache-2.0
"""Operators that move elements: where each goes is found once, by moving their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from keras import ops

from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.registry import find_operator


def view(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    return (ops.reshape(operands[0], (-1, *graph.tensor_out(node).shape)),)


def transpose(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    order = np.asarray(graph.tensor_in(node, 1).data).reshape(-1)
    return (ops.transpose(operands[0], (0, *(int(a) + 1 for a in order))),)


def concatenation(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    rank = len(graph.tensor_out(node).shape)
    return (ops.concatenate(list(operands), axis=node.options.axis % rank + 1),)


def _pad(value: Callable[[Sequence[Any]], float]) -> Callable[[Graph, Node, Sequence[Any]], Sequence[Any]]:
    def run(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
        amounts = np.asarray(graph.tensor_in(node, 1).data).reshape(-1, 2).tolist()
        return (ops.pad(operands[0], [[0, 0], *amounts], constant_values=value(operands)),)

    return run


def gather(data: int) -> Callable[[Graph, Node, Sequence[Any]], Sequence[Any]]:
    """Of operators whose outputs are elements of input `data`, each in a place that the reference says."""

    def run(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
        shape = graph.tensors[node.inputs[data]].shape
        flat = ops.reshape(operands[data], (-1, int(np.prod(shape))))
        numbers = [None if k != data else np.arange(np.prod(shape)).reshape(shape) for k in range(len(node.inputs))]
        places = find_operator(node.op).reference(graph, node, _with_constants(graph, node, numbers))
        return tuple(
            ops.reshape(ops.take(flat, place.reshape(-1).astype(np.int32), axis=1), (-1, *place.shape))
            for place in places
        )

    return run


def _with_constants(graph: Graph, node: Node, numbers: Sequence[Array | None]) -> list[Array | None]:
    given = (graph.input(node, k) for k in range(len(numbers)))
    return [t.data if n is None and t is not None else n for n, t in zip(numbers, given, strict=True)]


OPERATORS = {
    "CONCATENATION": concatenation,
    "EXPAND_DIMS": view,
    "PAD": _pad(lambda operands: 0.0),
    "PADV2": _pad(lambda operands: float(np.asarray(operands[2]).reshape(-1)[0])),
    "RESHAPE": view,
    "RESIZE_NEAREST_NEIGHBOR": gather(0),
    "SPLIT": gather(1),
    "SQUEEZE": view,
    "STRIDED_SLICE": gather(0),
    "TRANSPOSE": transpose,
}
