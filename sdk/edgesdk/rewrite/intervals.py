# SPDX-License-Identifier: Apache-2.0
"""The values that each channel of an activation can take, whatever the input: from weights and scales, not from data.

Interval arithmetic on the integer references. Requantization is monotone in the sum, so the ends of a channel's sum
give the ends of its output exactly as long as nothing wraps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesdk.model.graph import DType, Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.conv_2d import OPERATOR as CONV_2D
from edgesdk.ops.convolution import Axis
from edgesdk.ops.depthwise_conv_2d import OPERATOR as DEPTHWISE_CONV_2D
from edgesdk.ops.fully_connected import OPERATOR as FULLY_CONNECTED
from edgesdk.ops.pool_2d import Pool2D
from edgesdk.ops.reduction import Reduction
from edgesdk.ops.unary import UnaryInt8
from edgesdk.ops.weights import Scales, bias_values, channel_scales

Int64 = npt.NDArray[np.int64]
LOWEST, HIGHEST = -128, 127


@dataclass(frozen=True, eq=False)
class Interval:
    """Bounds per channel, both included: int64 arrays of the tensor's channels."""

    low: Int64
    high: Int64

    @property
    def constant(self) -> npt.NDArray[np.bool_]:
        """The channels that have one value only: `low`."""
        return np.equal(self.low, self.high)


def intervals(graph: Graph) -> Mapping[int, Interval]:
    """Every int8 activation's interval."""
    found = {t: _any(graph, t) for t in graph.inputs if graph.tensors[t].dtype is DType.INT8}
    for node in graph.nodes:
        for t in node.outputs:
            if graph.tensors[t].dtype is DType.INT8:
                found[t] = _any(graph, t)
        source = found.get(node.inputs[0]) if node.inputs else None
        if source is not None and node.outputs[0] in found:
            found[node.outputs[0]] = _made(graph, node, source) or found[node.outputs[0]]
    return found


def reads_padding(axes: tuple[Axis, Axis]) -> bool:
    """Whether some output of a convolution reads outside the map."""
    return any(a.before > 0 or (a.outputs - 1) * a.stride - a.before + a.extent > a.inputs for a in axes)


def keeps_channels(graph: Graph, node: Node) -> bool:
    """Whether channel c of the output of a view, a pooling or a reduction comes from channel c of the input alone."""
    x, y = graph.tensor_in(node, 0), graph.tensor_out(node)
    operator = find_operator(node.op)
    if x.rows_shape[2] != y.rows_shape[2] or len(x.shape) < 2:
        return False
    return not isinstance(operator, Reduction) or len(x.shape) - 1 not in operator.axes(graph, node)


def _any(graph: Graph, tensor: int) -> Interval:
    channels = graph.tensors[tensor].rows_shape[2]
    return Interval(np.full(channels, LOWEST, np.int64), np.full(channels, HIGHEST, np.int64))


def _made(graph: Graph, node: Node, source: Interval) -> Interval | None:
    """The output's interval; None where nothing is known."""
    operator = find_operator(node.op)
    x, y = graph.tensor_in(node, 0), graph.tensor_out(node)
    if node.op == "CONV_2D":
        return _conv_2d(graph, node, source)
    if node.op == "DEPTHWISE_CONV_2D":
        return _depthwise(graph, node, source)
    if node.op == "FULLY_CONNECTED":
        return _fully_connected(graph, node, source)
    if operator.view:
        return source if keeps_channels(graph, node) else None
    if isinstance(operator, UnaryInt8):
        return _by_table(graph, node, source)
    if isinstance(operator, Pool2D | Reduction) and keeps_channels(graph, node):
        ends = []
        for end in (source.low, source.high):
            flat = np.broadcast_to(end, x.shape).astype(np.int8)
            operands = [flat, *(graph.tensors[t].data for t in node.inputs[1:])]
            (made,) = operator.reference(graph, node, operands)
            ends.append(made.reshape(-1, y.rows_shape[2]).astype(np.int64))
        both = np.concatenate(ends)
        return Interval(both.min(axis=0), both.max(axis=0))
    return None


def _outputs(scales: Scales, low: Int64, high: Int64) -> Interval | None:
    """Sums between `low` and `high` as int8; None where one could wrap."""
    left = np.maximum(scales.shift.astype(np.int64), 0)
    room = (1 << 31) >> left
    if (low < -room).any() or (high >= room).any():
        return None
    ends = [scales.requantize(low).astype(np.int64), scales.requantize(high).astype(np.int64)]
    return Interval(np.minimum(*ends), np.maximum(*ends))


def _centred(source: Interval, zero_point: int, padded: bool) -> tuple[Int64, Int64]:
    """Bounds of value - zero point; padding is 0."""
    low, high = source.low - zero_point, source.high - zero_point
    return (np.minimum(low, 0), np.maximum(high, 0)) if padded else (low, high)


def _conv_2d(graph: Graph, node: Node, source: Interval) -> Interval | None:
    x, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
    assert weights.data is not None
    groups = CONV_2D.groups(graph, node)
    low, high = _centred(source, x.zero_point, reads_padding(CONV_2D.axes(graph, node)))
    w = weights.data.astype(np.int64)
    per_group = len(w) // groups
    of = np.arange(len(w)) // per_group
    lows, highs = low.reshape(groups, 1, 1, -1)[of], high.reshape(groups, 1, 1, -1)[of]
    least = np.minimum(w * lows, w * highs).sum(axis=(1, 2, 3))
    most = np.maximum(w * lows, w * highs).sum(axis=(1, 2, 3))
    return _with_bias(graph, node, channel_scales(graph, node, x, weights), least, most)


def _depthwise(graph: Graph, node: Node, source: Interval) -> Interval | None:
    x, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
    assert weights.data is not None
    low, high = _centred(source, x.zero_point, reads_padding(DEPTHWISE_CONV_2D.axes(graph, node)))
    w = weights.data[0].astype(np.int64)
    low, high = (np.repeat(end, node.options.depth_multiplier) for end in (low, high))
    least, most = (pick(w * low, w * high).sum(axis=(0, 1)) for pick in (np.minimum, np.maximum))
    return _with_bias(graph, node, channel_scales(graph, node, x, weights), least, most)


def _fully_connected(graph: Graph, node: Node, source: Interval) -> Interval | None:
    x, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
    assert weights.data is not None
    low, high = _centred(source, x.zero_point, padded=False)
    w = weights.data.astype(np.int64) - weights.zero_point
    low, high = (np.tile(end, w.shape[1] // len(end)) for end in (low, high))
    least, most = (pick(w * low, w * high).sum(axis=1) for pick in (np.minimum, np.maximum))
    return _with_bias(graph, node, FULLY_CONNECTED.scales(graph, node), least, most)


def _with_bias(graph: Graph, node: Node, scales: Scales, least: Int64, most: Int64) -> Interval | None:
    bias = graph.input(node, 2)
    values = bias_values(None if bias is None else bias.data, len(least))
    return _outputs(scales, least + values, most + values)


def _by_table(graph: Graph, node: Node, source: Interval) -> Interval | None:
    operator = find_operator(node.op)
    (table,) = operator.reference(graph, node, [np.arange(LOWEST, HIGHEST + 1).astype(np.int8)])
    values = table.astype(np.int64)
    bounds = [
        (values[a - LOWEST : b - LOWEST + 1].min(), values[a - LOWEST : b - LOWEST + 1].max())
        for a, b in zip(source.low, source.high, strict=True)
    ]
    return Interval(np.array([a for a, _ in bounds], np.int64), np.array([b for _, b in bounds], np.int64))
