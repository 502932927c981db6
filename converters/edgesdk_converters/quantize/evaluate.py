# SPDX-License-Identifier: Apache-2.0
"""Runs a float Graph on many samples at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from keras import ops

from edgesdk.model.graph import Array, Graph
from edgesdk.model.located import layer_place, located
from edgesdk_converters.quantize.float_ops import float_op

BATCH = 32


def evaluate(
    graph: Graph,
    inputs: Sequence[Any],
    made: Callable[[int, Any], Any] = lambda t, value: value,
    constants: Mapping[int, Any] | None = None,
) -> list[Any]:
    """The graph's outputs, [samples, *shape] as its inputs are.

    Args:
        made: called with every input and every tensor that a node makes; what it returns goes on in its place.
        constants: in place of the graph's own.
    """
    given = constants or {}
    values = {t: made(t, x) for t, x in zip(graph.inputs, inputs, strict=True)}
    last = {t: place for place, node in enumerate(graph.nodes) for t in node.inputs}
    for place, node in enumerate(graph.nodes):
        operands = [values[t] if t in values else given.get(t, graph.tensors[t].data) for t in node.inputs if t >= 0]
        with located(layer_place(node.tflite_ops[0] if node.tflite_ops else place, node.op)):
            results = float_op(node.op)(graph, node, operands)
        for t, value in zip(node.outputs, results, strict=True):
            values[t] = made(t, value)
        for t in {*node.inputs} - {*graph.outputs}:
            if last[t] == place:
                values.pop(t, None)  # a batch of a large network's maps would not fit
    return [values[t] for t in graph.outputs]


def evaluate_all(graph: Graph, samples: Sequence[Array], batch: int = BATCH) -> list[Array]:
    """The outputs of all samples, batch by batch.

    Args:
        samples: for each input of the graph [samples, *shape].
    """
    parts = [
        [ops.convert_to_numpy(y) for y in evaluate(graph, [x[i : i + batch] for x in samples])]
        for i in range(0, len(samples[0]), batch)
    ]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]
