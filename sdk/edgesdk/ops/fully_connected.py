# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED: int8, weights per tensor or per channel, input of any rank."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, Window
from edgesdk.ops.fixed_point import wrap_int32
from edgesdk.ops.operands import LARGEST_AXIS, check_int8
from edgesdk.ops.weights import (
    Scales,
    bias_values,
    channel_scales,
    check_bias,
    check_weights,
    float_product_scales,
)


@dataclass(frozen=True)
class Items:
    """How batch items lie in the input's rows: whole rows each, or several side by side in a row.

    Args:
        rows: input rows of an item.
        width: pixels of an item in each of them.
        channels: of a pixel.
        in_row: items in an input row; above 1 only where rows is 1.
        out_row: items (output pixels) in an output row.
    """

    rows: int
    width: int
    channels: int
    in_row: int
    out_row: int


class FullyConnected(Operator):
    """Input of batch * K elements, weights [O, K], bias [O]; output [batch, O] or [..., O]."""

    name = "FULLY_CONNECTED"

    def check(self, graph: Graph, node: Node) -> None:
        if len(node.inputs) not in (2, 3) or min(node.inputs[:2]) < 0 or len(node.outputs) != 1:
            raise EdgeError(MODEL_INVALID, "FULLY_CONNECTED needs an input, weights, an optional bias and one output")
        source, weights, target = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        check_weights(self.name, weights, rank=2, channel_axis=0)
        channels, depth = weights.shape
        if channels > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"FULLY_CONNECTED has more than {LARGEST_AXIS} output channels")
        if source.elements % depth != 0 or (node.options.keep_num_dims and source.shape[-1:] != (depth,)):
            raise EdgeError(
                MODEL_INVALID,
                f"FULLY_CONNECTED has an input of {list(source.shape)} for weights of {depth} columns",
            )
        check_bias(graph, node, graph.input(node, 2), weights, source, channels)
        if self.items(graph, node) is None:
            raise EdgeError(
                OP_OPTIONS,
                f"FULLY_CONNECTED reads items of {depth} elements, which do not align with the rows of an "
                f"input of shape {list(source.shape)}",
                tries=("put a RESHAPE to [batch, elements] before it",),
            )

    def items(self, graph: Graph, node: Node) -> Items | None:
        """How the batch items lie in the input's rows; None where they split pixels or straddle rows."""
        _, width, channels = graph.tensor_in(node, 0).rows_shape
        depth = graph.tensor_in(node, 1).shape[1]
        shape = self.output_shapes(graph, node)[0]
        out_row = shape[-2] if len(shape) >= 3 else 1
        if depth % (width * channels) == 0:
            item_rows = depth // (width * channels)
            return Items(item_rows, width, channels, 1, out_row) if item_rows * out_row <= LARGEST_AXIS else None
        if (width * channels) % depth != 0 or depth % channels != 0:
            return None
        in_row = width * channels // depth
        aligned = in_row % out_row == 0 or out_row % in_row == 0
        return Items(1, depth // channels, channels, in_row, out_row) if aligned else None

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        source = graph.tensor_in(node, 0)
        channels, depth = graph.tensor_in(node, 1).shape
        if node.options.keep_num_dims:
            return ((*source.shape[:-1], channels),)
        return ((source.elements // depth, channels),)

    def scales(self, graph: Graph, node: Node) -> Scales:
        """One multiplier from a float32 product, or one per channel from double products (TFLite Micro's)."""
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        per_channel = weights.quantization is not None and weights.quantization.per_channel
        return (channel_scales if per_channel else float_product_scales)(graph, node, source, weights)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x, w = inputs[0], inputs[1]
        assert x is not None
        assert w is not None
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        channels, depth = w.shape
        # Doubles hold the sums exactly (|sum| < 2^53), and their matrix product is fast.
        items = x.reshape(-1, depth).astype(np.float64) - source.zero_point
        sums = (items @ (w.astype(np.float64) - weights.zero_point).T).astype(np.int64)
        bias = bias_values(inputs[2] if len(inputs) > 2 else None, channels)
        outputs = self.scales(graph, node).requantize(wrap_int32(sums + bias))
        return (outputs.reshape(self.output_shapes(graph, node)[0]),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        items = self.items(graph, node)
        assert items is not None
        in_rows, _, _ = graph.tensor_in(node, 0).rows_shape
        rows = math.prod(self.output_shapes(graph, node)[0][:-1]) // items.out_row
        if items.in_row > items.out_row:
            window = Window(1, items.in_row // items.out_row, 0, 1, in_rows)
        else:
            reach = items.out_row // items.in_row * items.rows
            window = Window(reach, 1, 0, reach, in_rows)
        return Geometry(rows=rows, frame_rows=rows, inputs={0: window}, outputs=(Window(1, 1, 0, 1, rows),))

    def macs(self, graph: Graph, node: Node) -> int:
        return graph.tensor_in(node, 0).elements * graph.tensor_in(node, 1).shape[0]


OPERATOR = FullyConnected()
