# SPDX-License-Identifier: Apache-2.0
"""edgesdk.OrdinalPool: each window's values sorted, then summed with a weight for each rank.

Source: Kumar 2018 (arXiv 1804.02702) and Deliège et al. 2021 (arXiv 2109.01561); the integer forms are edgesdk's own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, DType, Graph, Node, Shape
from edgesdk.model.tflite.ordinal_pool import OrdinalPoolOptions
from edgesdk.ops.base import Geometry, Operator
from edgesdk.ops.convolution import Axis, axis_of, check_axes, check_four_axes, convolution_geometry
from edgesdk.ops.operands import LARGEST_AXIS, check_int8, check_shapes
from edgesdk.ops.weights import channel_scales, check_weights

ONE = 256
"""The sum of a channel's shares."""
MOST_RANKS = 255
"""Elements of a window."""


class OrdinalPool(Operator):
    """Input [N, H, W, C], weights [C, filter_h * filter_w], the greatest value's first; output [N, H', W', C].

    Padding joins the sort with the input's zero point. Weights are of one of two types:

    - int16 in units of 1/256, not negative, 256 in every row (shares): y = (sum of weight * value + 128) >> 8. As the
      weights sum to one, the quantization is the input's, and no zero point is needed.
    - int8, quantized per channel (free): the sum of weight * (value - zero point), requantized as a depthwise
      convolution's.
    """

    name = "edgesdk.OrdinalPool"
    zero_point_rows = True

    def check(self, graph: Graph, node: Node) -> None:
        if len(node.inputs) != 2 or min(node.inputs) < 0 or len(node.outputs) != 1:
            raise EdgeError(MODEL_INVALID, f"{self.name} needs an input, weights and one output")
        source, weights, target = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        check_four_axes(self.name, source)
        options: OrdinalPoolOptions = node.options
        ranks, channels = options.filter_h * options.filter_w, source.shape[3]
        if ranks > MOST_RANKS:
            raise EdgeError(OP_OPTIONS, f"{self.name} has a window of {ranks} elements, more than {MOST_RANKS}")
        if weights.shape != (channels, ranks):
            raise EdgeError(
                MODEL_INVALID,
                f"{self.name} has weights of shape {list(weights.shape)} for {channels} channels and {ranks} ranks",
            )
        if channels > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"{self.name} has more than {LARGEST_AXIS} channels")
        if weights.dtype is DType.INT16:
            self._check_shares(graph, node)
        else:
            check_weights(self.name, weights, rank=2, channel_axis=0)
            if weights.zero_point:
                raise EdgeError(MODEL_TYPE, f"the weights of {self.name} have a zero point that is not 0")
        check_axes(self.name, self.axes(graph, node))
        check_shapes(graph, node, self.output_shapes(graph, node))

    def _check_shares(self, graph: Graph, node: Node) -> None:
        source, weights, target = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
        if weights.data is None:
            raise EdgeError(OP_OPTIONS, f"the weights of {self.name} are not constant")
        if (weights.data < 0).any() or (weights.data.sum(axis=1, dtype=np.int64) != ONE).any():
            raise EdgeError(MODEL_INVALID, f"the int16 weights of {self.name} are not shares that sum to {ONE}")
        if abs(source.scale - target.scale) > 1e-6 or source.zero_point != target.zero_point:
            raise EdgeError(MODEL_TYPE, f"{self.name} with int16 weights must keep its input's scale and zero point")

    def axes(self, graph: Graph, node: Node) -> tuple[Axis, Axis]:
        """The vertical and the horizontal axis."""
        _, height, width, _ = graph.tensor_in(node, 0).shape
        o = node.options
        return (
            axis_of(height, o.filter_h, o.stride_h, 1, o.padding, None),
            axis_of(width, o.filter_w, o.stride_w, 1, o.padding, None),
        )

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        frames, _, _, channels = graph.tensor_in(node, 0).shape
        vertical, horizontal = self.axes(graph, node)
        return ((frames, vertical.outputs, horizontal.outputs, channels),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x, w = inputs[0], inputs[1]
        assert x is not None
        assert w is not None
        source, weights = graph.tensor_in(node, 0), graph.tensor_in(node, 1)
        values = -np.sort(-self._windows(graph, node, x), axis=-1)
        if weights.dtype is DType.INT16:
            return (((values * w.astype(np.int64)).sum(axis=-1) + ONE // 2 >> 8).astype(np.int8),)
        sums = ((values - source.zero_point) * w.astype(np.int64)).sum(axis=-1)
        return (channel_scales(graph, node, source, weights).requantize(sums),)

    def _windows(self, graph: Graph, node: Node, x: Array) -> npt.NDArray[np.int64]:
        """[N, H', W', C, ranks]."""
        vertical, horizontal = self.axes(graph, node)
        pads = ((0, 0), (vertical.before, vertical.after), (horizontal.before, horizontal.after), (0, 0))
        padded = np.pad(x.astype(np.int64), pads, constant_values=graph.tensor_in(node, 0).zero_point)
        return np.stack(
            [padded[:, rows, columns] for rows in vertical.taps() for columns in horizontal.taps()], axis=-1
        )

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return convolution_geometry(graph.tensor_in(node, 0).shape[0], self.axes(graph, node)[0])

    def macs(self, graph: Graph, node: Node) -> int:
        options: OrdinalPoolOptions = node.options
        return graph.tensor_out(node).elements * options.filter_h * options.filter_w


OPERATOR = OrdinalPool()
