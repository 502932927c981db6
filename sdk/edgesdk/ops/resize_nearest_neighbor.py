# SPDX-License-Identifier: Apache-2.0
"""RESIZE_NEAREST_NEIGHBOR: each output pixel is a copy of the nearest input pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, Window
from edgesdk.ops.operands import check_arity, check_int8, check_shapes, constant_integers


def nearest_indices(inputs: int, outputs: int, align_corners: bool, half_pixel_centers: bool) -> tuple[int, ...]:
    """The input index that each output index copies, in the float32 arithmetic of TensorFlow Lite Micro."""
    if align_corners and outputs > 1:
        scale = np.float32(inputs - 1) / np.float32(outputs - 1)
    else:
        scale = np.float32(inputs) / np.float32(outputs)
    offset = np.float32(0.5 if half_pixel_centers else 0.0)
    places = (np.arange(outputs, dtype=np.float32) + offset) * scale
    # align_corners rounds half away from zero; places are not negative, and float64 holds the sum exactly
    exact = places.astype(np.float64)
    nearest = np.floor(exact + 0.5) if align_corners else np.floor(exact)
    return tuple(int(i) for i in np.minimum(nearest, inputs - 1))


class ResizeNearestNeighbor(Operator):
    """Input [N, H, W, C], output [N, H', W', C] under any quantization: elements are copied as they are."""

    name = "RESIZE_NEAREST_NEIGHBOR"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (2,))
        source = graph.tensor_in(node, 0)
        check_int8(self.name, (source, graph.tensor_out(node)))
        size = constant_integers(graph, node, 1, "size")
        if len(source.shape) != 4 or len(size) != 2 or min(size) < 1:
            raise EdgeError(MODEL_INVALID, f"{self.name} makes {list(source.shape)} of size {list(size)}")
        check_shapes(graph, node, self.output_shapes(graph, node))

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        frames, _, _, channels = graph.tensor_in(node, 0).shape
        height, width = constant_integers(graph, node, 1, "size")
        return ((frames, height, width, channels),)

    def indices(self, graph: Graph, node: Node) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The input row of each output row of a frame, and the input column of each output column."""
        _, height, width, _ = graph.tensor_in(node, 0).shape
        _, out_height, out_width, _ = graph.tensor_out(node).shape
        how = (node.options.align_corners, node.options.half_pixel_centers)
        return nearest_indices(height, out_height, *how), nearest_indices(width, out_width, *how)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        rows, columns = self.indices(graph, node)
        return (np.ascontiguousarray(x[:, list(rows)][:, :, list(columns)]),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        frames, height, _, _ = graph.tensor_in(node, 0).shape
        rows, _ = self.indices(graph, node)
        num, den = height, len(rows)
        if node.options.align_corners and den > 1:
            num, den = height - 1, den - 1
        common = math.gcd(num, den)
        num, den = num // common, den // common
        # the window follows the scale and is as wide as the rounded float32 places stray from it
        strays = [row - (y * num) // den for y, row in enumerate(rows)]
        offset = min(strays)
        return Geometry(
            rows=frames * len(rows),
            frame_rows=len(rows),
            inputs={0: Window(num=num, den=den, offset=offset * den, rows=max(strays) - offset + 1, frame_rows=height)},
            outputs=(Window(num=1, den=1, offset=0, rows=1, frame_rows=len(rows)),),
        )


OPERATOR = ResizeNearestNeighbor()
