# SPDX-License-Identifier: Apache-2.0
"""edgesdk.CrossChannelPool, edgesdk.OrdinalPool and edgesdk.ProductKeyMemory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import ops

from edgesdk.model.graph import Graph, Node
from edgesdk.ops.ordinal_pool import OPERATOR as ORDINAL_POOL
from edgesdk_converters.layers.ordinal_weights import by_rank
from edgesdk_converters.layers.product_key_memory import read_slots


def cross_channel_pool(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    grouped = ops.reshape(operands[0], (-1, *graph.tensor_out(node).shape, node.options.group))
    return (ops.max(grouped, axis=-1) if node.options.pool == "max" else ops.mean(grouped, axis=-1),)


def ordinal_pool(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    x, weights = operands
    axes = ORDINAL_POOL.axes(graph, node)
    padded = ops.pad(x, ((0, 0), (0, 0), *((axis.before, axis.after) for axis in axes), (0, 0)))
    vertical, horizontal = axes
    values = [padded[:, :, rows, columns] for rows in vertical.taps() for columns in horizontal.taps()]
    return (by_rank(values, weights),)


def product_key_memory(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    x, keys, values = operands
    heads, _, _, half = keys.shape
    neighbours = node.options.neighbours
    slots, weights = read_slots(ops.reshape(x, (-1, heads, 2, half)), keys, neighbours)
    read = ops.take(values, ops.reshape(slots, (-1, heads * neighbours)), axis=0)
    y = ops.einsum("bs,bsu->bu", ops.reshape(weights, (-1, heads * neighbours)), read)
    return (ops.reshape(y, (-1, *graph.tensor_out(node).shape)),)


OPERATORS = {
    "edgesdk.CrossChannelPool": cross_channel_pool,
    "edgesdk.OrdinalPool": ordinal_pool,
    "edgesdk.ProductKeyMemory": product_key_memory,
}
