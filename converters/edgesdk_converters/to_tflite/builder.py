# SPDX-License-Identifier: Apache-2.0
"""FloatBuilder: a float Graph, node by node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from edgesdk.model.graph import Array, DType, Graph, Node, Shape, Tensor
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.ops.registry import find_operator


class FloatBuilder:
    """Grows a float Graph; tensors are known by their indices, and shapes follow from the operators."""

    def __init__(self) -> None:
        self.tensors: dict[int, Tensor] = {}
        self.nodes: list[Node] = []
        self.inputs: list[int] = []

    def input(self, shape: Shape, name: str) -> int:
        """A new input of the network, the batch axis of 1 included."""
        t = self._add(name, shape, DType.FLOAT32)
        self.inputs.append(t)
        return t

    def floats(self, values: Any, name: str = "") -> int:
        """A float32 constant."""
        return self._constant(name, np.asarray(values, np.float32), DType.FLOAT32)

    def integers(self, values: Any) -> int:
        """An int32 constant: a shape, axes, paddings."""
        return self._constant("", np.asarray(values, np.int32), DType.INT32)

    def shape(self, t: int) -> Shape:
        return self.tensors[t].shape

    def apply(self, op: str, inputs: Sequence[int], options: Any = None, name: str = "") -> int:
        """A node with one output, whose index is returned.

        Raises:
            EdgeError: where the operator cannot take these shapes.
        """
        node = Node(op, tuple(inputs), (), options, (len(self.nodes),))
        (shape,) = find_operator(op).output_shapes(self.graph((), ""), node)
        t = self._add(name, shape, DType.FLOAT32)
        self.nodes.append(Node(op, node.inputs, (t,), options, node.tflite_ops))
        return t

    def reshape(self, t: int, shape: Sequence[int], name: str = "") -> int:
        """The same elements under another shape; the tensor itself where it has that shape."""
        if self.shape(t) == tuple(shape):
            return t
        return self.apply("RESHAPE", (t, self.integers(shape)), ReshapeOptions(tuple(shape)), name)

    def graph(self, outputs: Sequence[int], name: str) -> Graph:
        """What was built so far."""
        return Graph(name, 0, dict(self.tensors), tuple(self.nodes), tuple(self.inputs), tuple(outputs))

    def _constant(self, name: str, values: Array, dtype: DType) -> int:
        values.setflags(write=False)
        return self._add(name, values.shape, dtype, values)

    def _add(self, name: str, shape: Shape, dtype: DType, data: Array | None = None) -> int:
        t = len(self.tensors)
        self.tensors[t] = Tensor(t, name, tuple(int(n) for n in shape), dtype, None, data)
        return t
