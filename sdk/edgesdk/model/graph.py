# SPDX-License-Identifier: Apache-2.0
"""Graph, Node, Tensor and Quantization: a network as plain immutable data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Shape = tuple[int, ...]
Array = npt.NDArray[Any]


class DType(Enum):
    """Element type of a tensor; the value is numpy's name for it."""

    INT8 = "int8"
    UINT8 = "uint8"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    FLOAT32 = "float32"
    BOOL = "bool"

    @property
    def bytes(self) -> int:
        return np.dtype(self.value).itemsize


@dataclass(frozen=True)
class Quantization:
    """real = scale * (q - zero_point); one pair, or one per index along `axis`.

    Scales are float32 values held as Python floats; widening them to double is exact.
    """

    scale: tuple[float, ...]
    zero_point: tuple[int, ...]
    axis: int = 0

    @property
    def per_channel(self) -> bool:
        return len(self.scale) > 1


@dataclass(frozen=True, eq=False)
class Tensor:
    """A tensor of the graph. `data` is a read-only array for constants and None for activations."""

    index: int
    name: str
    shape: Shape
    dtype: DType
    quantization: Quantization | None = None
    data: Array | None = None

    @property
    def elements(self) -> int:
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        return self.elements * self.dtype.bytes

    @property
    def constant(self) -> bool:
        return self.data is not None

    @property
    def scale(self) -> float:
        """The per-tensor scale. Call only after the operator's check."""
        if self.quantization is None or len(self.quantization.scale) != 1:
            raise ValueError(f"tensor {self.index} has no single scale")
        return self.quantization.scale[0]

    @property
    def zero_point(self) -> int:
        """The per-tensor zero point; 0 where the tensor is not quantized."""
        return self.quantization.zero_point[0] if self.quantization else 0

    @property
    def rows_shape(self) -> tuple[int, int, int]:
        """The tensor as a feature map: (rows, width, channels).

        The last axis is channels, the one before it width, all others together rows, so [N, H, W, C]
        has N*H rows. A vector [N, K] is N rows of one pixel; a scalar is one row of one element.
        """
        s = self.shape
        if len(s) >= 3:
            return math.prod(s[:-2]), s[-2], s[-1]
        if len(s) == 2:
            return s[0], 1, s[1]
        return 1, 1, math.prod(s)


@dataclass(frozen=True, eq=False)
class Node:
    """One operator. Omitted optional inputs are -1. `options` is the operator's own frozen dataclass."""

    op: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Any
    tflite_ops: tuple[int, ...]  # indices of the file's operators that this node stands for


@dataclass(frozen=True, eq=False)
class Graph:
    """A network: tensors by index, nodes in execution order, inputs and outputs in signature order.

    Args:
        name: the file's name, for people; never trusted as an identifier.
        crc32: zlib CRC-32 of the .tflite file.
        history: of a network over time that takes its frames call by call: tensor -> rows above its first one that are
            read and stay from the calls before.
        again: tensor -> the input whose rows it is once more: a streamed input's source is asked for them again.
    """

    name: str
    crc32: int
    tensors: Mapping[int, Tensor]
    nodes: tuple[Node, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    history: Mapping[int, int] = field(default_factory=dict)
    again: Mapping[int, int] = field(default_factory=dict)

    def input(self, node: Node, k: int) -> Tensor | None:
        """The k-th input tensor of a node, None where it is omitted or past the end."""
        if k >= len(node.inputs) or node.inputs[k] < 0:
            return None
        return self.tensors[node.inputs[k]]

    def tensor_in(self, node: Node, k: int) -> Tensor:
        """The k-th input tensor of a node, which must be present (the operator's check sees to that)."""
        return self.tensors[node.inputs[k]]

    def tensor_out(self, node: Node, k: int = 0) -> Tensor:
        return self.tensors[node.outputs[k]]

    @cached_property
    def producer(self) -> Mapping[int, int]:
        """Tensor index -> index of the node that makes it."""
        return {t: i for i, n in enumerate(self.nodes) for t in n.outputs}

    @cached_property
    def consumers(self) -> Mapping[int, tuple[int, ...]]:
        """Tensor index -> indices of the nodes that read it, in order."""
        found: dict[int, list[int]] = {}
        for i, n in enumerate(self.nodes):
            for t in dict.fromkeys(n.inputs):
                if t >= 0:
                    found.setdefault(t, []).append(i)
        return {t: tuple(v) for t, v in found.items()}

    def with_nodes(self, nodes: tuple[Node, ...], **changes: Any) -> Graph:
        """A copy with other nodes (and other fields given by name)."""
        return replace(self, nodes=nodes, **changes)
