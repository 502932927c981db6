# SPDX-License-Identifier: Apache-2.0
"""Operators of constants alone are computed now: their results become constants, by the operator's own reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Tensor
from edgesdk.ops import find_operator
from edgesdk.text import printable


def fold_constants(graph: Graph) -> Graph:
    """The graph without the nodes whose inputs are all constant.

    Raises:
        EdgeError: OP_OPTIONS where an output of the model turns out to be a constant.
    """
    tensors = dict(graph.tensors)
    nodes = []
    for node in graph.nodes:
        operands = [None if t < 0 else tensors[t].data for t in node.inputs]
        if any(x is None for x, t in zip(operands, node.inputs, strict=True) if t >= 0):
            nodes.append(node)
            continue
        results = find_operator(node.op).reference(graph, node, operands)
        for t, array in zip(node.outputs, results, strict=True):
            tensors[t] = _constant(tensors[t], array)
    for t in graph.outputs:
        if tensors[t].constant:
            raise EdgeError(
                OP_OPTIONS,
                "an output of the model is a constant: it does not depend on the inputs",
                where=f"tensor {t} ({printable(tensors[t].name)})",
                tries=("leave that output out of the model",),
            )
    return graph.with_nodes(tuple(nodes), tensors=tensors)


def _constant(tensor: Tensor, array: Array) -> Tensor:
    data = np.ascontiguousarray(array, dtype=tensor.dtype.value).reshape(tensor.shape)
    data.flags.writeable = False
    return replace(tensor, data=data)
