# SPDX-License-Identifier: Apache-2.0
"""A graph under change: new tensors get new indices, nodes are the caller's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from edgesdk.model.graph import Array, DType, Graph, Node, Quantization, Shape, Tensor
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.strided_slice import StridedSliceOptions


class Draft:
    """The tensors of a graph and those that a rewriting adds."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.tensors = dict(graph.tensors)
        self.again = dict(graph.again)

    def like(self, source: int, shape: Shape) -> int:
        """A new activation with another tensor's type and quantization."""
        return self._add(replace(self.tensors[source], shape=shape, data=None))

    def repeated(self, source: int) -> int:
        """The rows of an input once more, from their first."""
        found = self.like(source, self.tensors[source].shape)
        self.again[found] = source
        return found

    def constant(self, source: int, data: Array, quantization: Quantization | None) -> int:
        """A new constant in another one's place."""
        data = np.ascontiguousarray(data)
        data.flags.writeable = False
        return self._add(replace(self.tensors[source], shape=data.shape, data=data, quantization=quantization))

    def channels_of(self, source: int, axis: int, a: int, b: int) -> int:
        """Indices [a, b) of one axis of a constant, with their quantization."""
        tensor = self.tensors[source]
        assert tensor.data is not None
        q = tensor.quantization
        if q is not None and q.per_channel:
            q = Quantization(q.scale[a:b], q.zero_point[a:b], q.axis)
        return self.constant(source, tensor.data[(slice(None),) * axis + (slice(a, b),)], q)

    def columns_of(self, source: int, a: int, b: int) -> tuple[Node, int]:
        """A node that cuts columns [a, b) out of an [N, H, W, C] map, and the tensor that it makes."""
        n, h, _, c = self.tensors[source].shape
        part = self.like(source, (n, h, b - a, c))
        bounds = [self._integers(v) for v in ((0, 0, a, 0), (n, h, b, c), (1, 1, 1, 1))]
        return Node("STRIDED_SLICE", (source, *bounds), (part,), StridedSliceOptions(), ()), part

    @staticmethod
    def join(parts: Iterable[int], whole: int, axis: int) -> Node:
        """A node that joins parts into a tensor that exists."""
        return Node("CONCATENATION", tuple(parts), (whole,), ConcatenationOptions(axis), ())

    def done(self, nodes: Iterable[Node]) -> Graph:
        """The graph of these nodes."""
        return self.graph.with_nodes(tuple(nodes), tensors=self.tensors, again=self.again)

    def _integers(self, values: tuple[int, ...]) -> int:
        data = np.array(values, np.int32)
        data.flags.writeable = False
        return self._add(Tensor(0, "", data.shape, DType.INT32, None, data))

    def _add(self, tensor: Tensor) -> int:
        index = max(self.tensors) + 1
        self.tensors[index] = replace(tensor, index=index)
        return index
