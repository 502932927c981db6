# SPDX-License-Identifier: Apache-2.0
"""AVERAGE_POOL_2D, MAX_POOL_2D, MEAN and SUM."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from keras import ops

from edgesdk.model.graph import Graph, Node
from edgesdk_converters.quantize.float_ops.activation import activated


def _pool(function: Callable[..., Any]) -> Callable[[Graph, Node, Sequence[Any]], Sequence[Any]]:
    def run(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
        o, x = node.options, operands[0]
        frames = ops.reshape(x, (-1, *x.shape[2:]))
        window, strides = (o.filter_h, o.filter_w), (o.stride_h, o.stride_w)
        y = function(frames, window, strides, o.padding.lower(), "channels_last")
        return (activated(node, ops.reshape(y, (-1, *graph.tensor_out(node).shape))),)

    return run


def _reduce(function: Callable[..., Any]) -> Callable[[Graph, Node, Sequence[Any]], Sequence[Any]]:
    def run(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
        rank = len(graph.tensor_in(node, 0).shape)
        axes = [int(a) % rank + 1 for a in np.asarray(graph.tensor_in(node, 1).data).reshape(-1)]
        return (ops.reshape(function(operands[0], axis=axes), (-1, *graph.tensor_out(node).shape)),)

    return run


OPERATORS = {
    "AVERAGE_POOL_2D": _pool(ops.average_pool),
    "MAX_POOL_2D": _pool(ops.max_pool),
    "MEAN": _reduce(ops.mean),
    "SUM": _reduce(ops.sum),
}
