# SPDX-License-Identifier: Apache-2.0
"""Channels that have one value whatever the input, and channels that nothing needs, leave the network.

A convolution that reads a constant channel takes value * weights into its bias; the filter that made it goes, and with
it what only that filter read, back to the input. Exact by construction: where the constant would meet padding of
another value, or an operator that is not known here, the channel stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from edgesdk.model.graph import Array, DType, Graph, Node, Quantization, Tensor
from edgesdk.ops import find_operator
from edgesdk.ops.conv_2d import OPERATOR as CONV_2D
from edgesdk.ops.fixed_point import wrap_int32
from edgesdk.ops.pool_2d import Pool2D
from edgesdk.ops.reduction import Reduction
from edgesdk.ops.scaled_sum import ScaledSum
from edgesdk.ops.unary import UnaryInt8
from edgesdk.ops.weights import bias_values
from edgesdk.rewrite.intervals import Interval, intervals, keeps_channels, reads_padding

Mask = npt.NDArray[np.bool_]


def remove_dead_channels(graph: Graph) -> Graph:
    """The graph without them; the graph itself where there are none."""
    values = intervals(graph)
    stored = _stored(graph, values)
    if all(mask.all() for mask in stored.values()):
        return graph
    tensors = dict(graph.tensors)
    for t, mask in stored.items():
        if not mask.all():
            old = tensors[t]
            tensors[t] = replace(old, shape=(*old.shape[:-1], int(mask.sum())))
    nodes = tuple(_sliced(graph, node, values, stored, tensors) for node in graph.nodes)
    return graph.with_nodes(nodes, tensors=tensors)


def _stored(graph: Graph, values: Mapping[int, Interval]) -> Mapping[int, Mask]:
    """int8 activation -> the channels that stay: the least sets that serve every reader."""
    stored = {t: np.zeros(graph.tensors[t].rows_shape[2], np.bool_) for t in values}

    def all_of(t: int) -> None:
        if t in stored:
            stored[t][:] = True

    for t in (*graph.inputs, *graph.outputs):
        all_of(t)
    before = -1
    while before != (before := sum(int(mask.sum()) for mask in stored.values())):
        for node in reversed(graph.nodes):
            linked = _linked(graph, node)
            if linked:
                together = np.logical_or.reduce([stored[t] for t in linked])
                for t in linked:
                    stored[t] |= together
            elif _mixes(graph, node):
                x, y = node.inputs[0], node.outputs[0]
                if node.op == "FULLY_CONNECTED":
                    all_of(y)  # a single channel would be scaled by another rule
                stored[x] |= _read(graph, node, stored[y], values[x])
            else:
                for t in (*node.inputs, *node.outputs):
                    all_of(t)
        for mask in stored.values():
            mask[0] |= not mask.any()  # no tensor without channels
    return stored


def _linked(graph: Graph, node: Node) -> tuple[int, ...]:
    """The activations of a node that works channel by channel; empty for any other node."""
    operator = find_operator(node.op)
    pair = (node.inputs[0], node.outputs[0]) if node.inputs else ()
    if any(graph.tensors[t].dtype is not DType.INT8 or graph.tensors[t].constant for t in pair):
        return ()
    if isinstance(operator, UnaryInt8):
        return pair
    if node.op == "DEPTHWISE_CONV_2D" and node.options.depth_multiplier == 1:
        return pair
    if (operator.view or isinstance(operator, Pool2D | Reduction)) and keeps_channels(graph, node):
        return pair if graph.tensor_in(node, 0).shape[-1:] == graph.tensor_out(node).shape[-1:] else ()
    if isinstance(operator, ScaledSum) or node.op == "MUL":
        all_three = (*node.inputs, *node.outputs)
        same = {graph.tensors[t].shape for t in all_three}
        if len(same) == 1 and len(graph.tensor_out(node).shape) >= 1 and not graph.tensor_in(node, 1).constant:
            return all_three
    return ()


def _mixes(graph: Graph, node: Node) -> bool:
    """Whether every output channel is a sum over all input channels that can be cut."""
    if node.op == "CONV_2D":
        return CONV_2D.groups(graph, node) == 1
    return node.op == "FULLY_CONNECTED" and graph.tensor_in(node, 0).shape[-1:] == graph.tensor_in(node, 1).shape[1:]


def _foldable(graph: Graph, node: Node, source: Interval) -> Mask:
    """The constant channels whose share of the sums is the same everywhere."""
    if node.op == "CONV_2D" and reads_padding(CONV_2D.axes(graph, node)):
        harmless: Mask = np.equal(source.low, graph.tensor_in(node, 0).zero_point)
        return source.constant & harmless
    return source.constant


def _read(graph: Graph, node: Node, live: Mask, source: Interval) -> Mask:
    """The input channels that the live filters of a node read and that cannot be folded."""
    weights = _weights(graph, node)[live]
    used: Mask = (weights != 0).any(axis=tuple(range(weights.ndim - 1)))
    return used & ~_foldable(graph, node, source)


def _weights(graph: Graph, node: Node) -> npt.NDArray[np.int64]:
    """What the reference multiplies by: [filters, ..., input channels]."""
    tensor = graph.tensor_in(node, 1)
    assert tensor.data is not None
    return tensor.data.astype(np.int64) - (tensor.zero_point if node.op == "FULLY_CONNECTED" else 0)


def _sliced(
    graph: Graph,
    node: Node,
    values: Mapping[int, Interval],
    stored: Mapping[int, Mask],
    tensors: dict[int, Tensor],
) -> Node:
    """The node with the weights of the channels that stay; new constants are added to `tensors`."""
    if _mixes(graph, node):
        kept_in, kept_out = stored[node.inputs[0]], stored[node.outputs[0]]
        bias = _folded_bias(graph, node, values[node.inputs[0]], kept_in)[kept_out]
        weights = graph.tensor_in(node, 1)
        assert weights.data is not None
        data, axis = weights.data[kept_out][..., kept_in], 0
    elif node.op == "DEPTHWISE_CONV_2D" and _linked(graph, node):
        kept_in = kept_out = stored[node.outputs[0]]
        given = graph.input(node, 2)
        bias = bias_values(None if given is None else given.data, len(kept_out))[kept_out]
        weights = graph.tensor_in(node, 1)
        assert weights.data is not None
        data, axis = weights.data[..., kept_out], 3
    else:
        return _reshaped(graph, node, tensors)
    if kept_in.all() and kept_out.all():
        return node
    quantization = _of_channels(weights.quantization, kept_out)
    made = _constant(tensors, weights, data, None if quantization is None else replace(quantization, axis=axis))
    old = graph.input(node, 2)
    if old is None and not bias.any():
        return replace(node, inputs=(node.inputs[0], made, *node.inputs[2:]))
    scales = None if old is None else _of_channels(old.quantization, kept_out)
    like = weights if old is None else old
    added = _constant(tensors, replace(like, dtype=DType.INT32), wrap_int32(bias).astype(np.int32), scales)
    return replace(node, inputs=(node.inputs[0], made, added))


def _folded_bias(graph: Graph, node: Node, source: Interval, kept: Mask) -> npt.NDArray[np.int64]:
    """The bias of every filter with the shares of the constant channels that go. Their values are `source.low`; those
    of channels that nothing reads do not count."""
    weights = _weights(graph, node)
    given = graph.input(node, 2)
    bias = bias_values(None if given is None else given.data, len(weights))
    gone = ~kept & _foldable(graph, node, source)
    sums = weights.reshape(len(weights), -1, weights.shape[-1]).sum(axis=1)
    shares: npt.NDArray[np.int64] = sums[:, gone] @ (source.low[gone] - graph.tensor_in(node, 0).zero_point)
    return bias + shares


def _of_channels(quantization: Quantization | None, kept: Mask) -> Quantization | None:
    if quantization is None or not quantization.per_channel:
        return quantization
    pairs = [(s, z) for s, z, k in zip(quantization.scale, quantization.zero_point, kept.tolist(), strict=True) if k]
    return Quantization(tuple(s for s, _ in pairs), tuple(z for _, z in pairs), quantization.axis)


def _constant(tensors: dict[int, Tensor], like: Tensor, data: Array, quantization: Quantization | None) -> int:
    index = max(tensors) + 1
    data = np.ascontiguousarray(data)
    data.flags.writeable = False
    tensors[index] = replace(like, index=index, shape=data.shape, quantization=quantization, data=data)
    return index


def _reshaped(graph: Graph, node: Node, tensors: dict[int, Tensor]) -> Node:
    """A RESHAPE names its output's shape twice, in an option and in a constant operand: both follow."""
    out = tensors[node.outputs[0]].shape
    if node.op != "RESHAPE" or out == graph.tensor_out(node).shape:
        return node
    inputs = node.inputs
    if len(inputs) > 1 and inputs[1] >= 0:
        given = graph.tensors[inputs[1]]
        inputs = (inputs[0], _constant(tensors, given, np.array(out, np.int32), given.quantization))
    return replace(node, inputs=inputs, options=replace(node.options, new_shape=out))
