# SPDX-License-Identifier: Apache-2.0
"""Graph equality, a small graph, its changes, and what the reader says to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from edgesdk.errors import EdgeError, ErrorKind
from edgesdk.model.graph import DType, Graph, Node, Quantization, Tensor
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.reader import parse_model
from edgesdk.model.tflite.writer import write_model

INT8 = Quantization((0.5,), (-3,))


def small_graph() -> Graph:
    """A per-channel convolution, then RELU: tensors 0 input, 1 weights, 2 bias, 3 map, 4 output."""
    weights = np.arange(-8, 8, dtype=np.int8).reshape(2, 2, 2, 2)
    bias = np.array([100, -100], dtype=np.int32)
    tensors = [
        Tensor(0, "input", (1, 4, 4, 2), DType.INT8, INT8),
        Tensor(1, "weights", (2, 2, 2, 2), DType.INT8, Quantization((0.25, 0.125), (0, 0), 0), weights),
        Tensor(2, "bias", (2,), DType.INT32, Quantization((0.125, 0.0625), (0, 0), 0), bias),
        Tensor(3, "map", (1, 4, 4, 2), DType.INT8, INT8),
        Tensor(4, "output", (1, 4, 4, 2), DType.INT8, INT8),
    ]
    nodes = (
        Node("CONV_2D", (0, 1, 2), (3,), Conv2DOptions("SAME", 1, 1), (0,)),
        Node("RELU", (3,), (4,), None, (1,)),
    )
    return Graph("small", 0, {t.index: t for t in tensors}, nodes, (0,), (4,))


def assert_same_graph(got: Graph, want: Graph) -> None:
    """Equal in everything but name and CRC; tensors that nothing uses do not count."""
    assert got.inputs == want.inputs
    assert got.outputs == want.outputs
    assert [(n.op, n.inputs, n.outputs, n.options) for n in got.nodes] == [
        (n.op, n.inputs, n.outputs, n.options) for n in want.nodes
    ]
    used = {*want.inputs, *want.outputs, *(t for n in want.nodes for t in (*n.inputs, *n.outputs) if t >= 0)}
    assert set(got.tensors) == used
    for t in used:
        a, b = got.tensors[t], want.tensors[t]
        assert (a.index, a.name, a.shape, a.dtype) == (b.index, b.name, b.shape, b.dtype)
        assert _plain(a.quantization) == _plain(b.quantization)
        assert a.constant == b.constant
        if a.data is not None and b.data is not None:
            np.testing.assert_array_equal(a.data, b.data)
            assert a.data.dtype == b.data.dtype


def _plain(q: Quantization | None) -> Quantization | None:
    """One scale has no axis."""
    return Quantization(q.scale, q.zero_point) if q is not None and len(q.scale) == 1 else q


def refused(graph: Graph | bytes, kind: ErrorKind) -> EdgeError:
    """The error that a graph, written to a file, or a file's bytes meet."""
    data = graph if isinstance(graph, bytes) else write_model(graph)
    with pytest.raises(EdgeError) as caught:
        parse_model(data, "model.tflite")
    assert caught.value.kind is kind, str(caught.value)
    assert str(caught.value).isprintable()
    return caught.value


def with_tensor(graph: Graph, index: int, **changes: Any) -> Graph:
    return replace(graph, tensors={**graph.tensors, index: replace(graph.tensors[index], **changes)})


def with_node(graph: Graph, index: int, **changes: Any) -> Graph:
    nodes = list(graph.nodes)
    nodes[index] = replace(nodes[index], **changes)
    return replace(graph, nodes=tuple(nodes))


def with_options(graph: Graph, **changes: Any) -> Graph:
    return with_node(graph, 0, options=replace(graph.nodes[0].options, **changes))
