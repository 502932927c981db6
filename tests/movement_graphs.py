# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies: one-node graphs of pooling, reductions and data movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from edgesdk.model.graph import DType, Graph, Node, Quantization, Shape, Tensor
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.model.tflite.split import SplitOptions
from edgesdk.model.tflite.strided_slice import StridedSliceOptions
from edgesdk.ops import find_operator
from edgesdk.ops.pool_2d import pool_axis
from single_node import single_node_graph, tensor

Draw = Any


def integers(values: Sequence[int], shape: Sequence[int] | None = None) -> Tensor:
    """A constant int32 operand."""
    given = (len(values),) if shape is None else shape
    return tensor(given, scale=None, dtype=DType.INT32, data=np.array(values, np.int32))


def completed(op: str, inputs: Sequence[Tensor], options: Any, output: Tensor | None = None, outputs: int = 1) -> Graph:
    """A checked one-node graph; its outputs have the operator's shapes and the quantization of `output`."""
    like = output or inputs[0]
    blank = [replace(like, data=None) for _ in range(outputs)]  # one object twice would be one tensor
    graph = single_node_graph(op, inputs, blank, options)
    node = graph.nodes[0]
    shapes = find_operator(op).output_shapes(graph, node)
    shaped = {t: replace(graph.tensors[t], shape=s) for t, s in zip(node.outputs, shapes, strict=True)}
    graph = replace(graph, tensors={**graph.tensors, **shaped})
    find_operator(op).check(graph, node)
    return graph


def shapes(minimum: int = 1, maximum: int = 4, most: int = 9) -> st.SearchStrategy[Shape]:
    """Shapes of odd lengths; the last axis is a multiple of four half of the time."""
    return st.lists(st.integers(1, most), min_size=minimum, max_size=maximum).flatmap(
        lambda s: st.sampled_from([tuple(s), (*s[:-1], 4 * ((s[-1] + 3) // 4))])
    )


@st.composite
def sources(draw: Draw, minimum: int = 1, maximum: int = 4, most: int = 9) -> Tensor:
    """An int8 activation."""
    scale = draw(st.sampled_from([1.0, 0.0235, 0.5]))
    return tensor(draw(shapes(minimum, maximum, most)), scale=scale, zero_point=draw(st.integers(-128, 127)))


@st.composite
def destinations(draw: Draw, source: Tensor) -> Tensor:
    """The quantization of an output: usually the source's; copies ignore it."""
    if draw(st.integers(0, 3)):
        return source
    return replace(source, quantization=Quantization((0.25,), (draw(st.integers(-128, 127)),)))


@st.composite
def pools(draw: Draw, op: str) -> Graph:
    source = draw(sources(4, 4, 12))
    _, height, width, _ = source.shape
    padding = draw(st.sampled_from(["SAME", "VALID"]))
    reach = 3 if padding == "SAME" else 0
    options = Pool2DOptions(
        padding,
        draw(st.integers(1, 4)),
        draw(st.integers(1, 4)),
        draw(st.integers(1, height + reach)),
        draw(st.integers(1, width + reach)),
        draw(st.sampled_from(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"])),
    )
    assert pool_axis(height, options.filter_h, options.stride_h, padding).outputs > 0
    return completed(op, [source], options)


@st.composite
def reductions(draw: Draw, op: str, most: int = 9) -> Graph:
    source = draw(sources(1, 4, most))
    rank = len(source.shape)
    axes = draw(st.lists(st.integers(-rank, rank - 1), min_size=1, max_size=rank))
    output = tensor(
        source.shape,
        scale=source.scale * draw(st.sampled_from([1.0, 0.3, 1.7, 40.0])),
        zero_point=draw(st.sampled_from([source.zero_point, -128, 5])),
    )
    return completed(op, [source, integers(axes)], ReducerOptions(draw(st.booleans())), output)


@st.composite
def pads(draw: Draw, op: str, maximum: int = 4) -> Graph:
    source = draw(sources(1, maximum, 6))
    amounts = draw(
        st.lists(st.sampled_from([0, 0, 1, 3]), min_size=2 * len(source.shape), max_size=2 * len(source.shape))
    )
    operands = [source, integers(amounts, (len(source.shape), 2))]
    output = draw(destinations(source))
    if op == "PADV2":
        value = [draw(st.integers(-128, 127))]
        operands.append(replace(output, shape=(1,), data=np.array(value, np.int8)))
    return completed(op, operands, None, output)


@st.composite
def concatenations(draw: Draw, maximum: int = 4) -> Graph:
    shape = draw(shapes(1, maximum, 6))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    parts = []
    for k, length in enumerate(draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))):
        part = list(shape)
        part[axis] = length
        data = rng.integers(-128, 128, part) if k > 0 and draw(st.booleans()) else None
        parts.append(tensor(part, scale=0.37, zero_point=-11, data=data))
    if len(parts) > 1 and parts[-1].data is None and draw(st.booleans()):
        parts.append(parts[-1])  # the same tensor twice
    return completed("CONCATENATION", parts, ConcatenationOptions(axis))


@st.composite
def splits(draw: Draw, maximum: int = 4) -> Graph:
    source = draw(sources(1, maximum, 5))
    axis = draw(st.integers(-len(source.shape), len(source.shape) - 1))
    parts = draw(st.integers(1, 4))
    shape = list(source.shape)
    shape[axis] *= parts
    source = replace(source, shape=tuple(shape))
    return completed("SPLIT", [integers([axis], ()), source], SplitOptions(parts), draw(destinations(source)), parts)


@st.composite
def strided_slices(draw: Draw, maximum: int = 4) -> Graph:
    source = draw(sources(1, maximum))
    begins, ends, strides = [], [], []
    masks = {"begin_mask": 0, "end_mask": 0, "shrink_axis_mask": 0}
    for axis, length in enumerate(source.shape):
        first, last = draw(st.integers(0, length - 1)), draw(st.integers(0, length - 1))
        shrink = draw(st.integers(0, 3)) == 0
        stride = 1 if shrink else draw(st.integers(1, 4)) * (1 if last >= first else -1)
        begin_mask, end_mask = draw(st.booleans()), draw(st.booleans())
        past = last + 1 if stride > 0 else last - 1
        if past < 0:  # -1 would mean the last element
            past = -length - 1
        begins.append(first - length if draw(st.booleans()) else first)
        ends.append(past - length if 0 <= past < length and draw(st.booleans()) else past)
        strides.append(stride)
        for name, bit in (("begin_mask", begin_mask), ("end_mask", end_mask), ("shrink_axis_mask", shrink)):
            masks[name] |= int(bit) << axis
    operands = [source, integers(begins), integers(ends), integers(strides)]
    return completed("STRIDED_SLICE", operands, StridedSliceOptions(**masks), draw(destinations(source)))


@st.composite
def transposes(draw: Draw, maximum: int = 4) -> Graph:
    source = draw(sources(1, maximum))
    permutation = draw(st.permutations(range(len(source.shape))))
    return completed("TRANSPOSE", [source, integers(permutation)], None, draw(destinations(source)))


@st.composite
def resizes(draw: Draw, most: int = 40) -> Graph:
    source = draw(sources(4, 4, 12))
    size = integers([draw(st.integers(1, most)), draw(st.integers(1, most))])
    how = draw(st.booleans()), draw(st.booleans())
    return completed(
        "RESIZE_NEAREST_NEIGHBOR",
        [source, size],
        ResizeNearestNeighborOptions(*how),
        draw(destinations(source)),
    )


def merged(graphs: Sequence[Graph]) -> Graph:
    """Independent graphs as one, so that many cases cost one compilation."""
    tensors: dict[int, Tensor] = {}
    nodes: list[Node] = []
    inputs: list[int] = []
    outputs: list[int] = []
    for graph in graphs:
        base = len(tensors)

        def move(ids: Sequence[int], base: int = base) -> tuple[int, ...]:
            return tuple(t if t < 0 else t + base for t in ids)

        tensors |= {t + base: replace(v, index=t + base) for t, v in graph.tensors.items()}
        for node in graph.nodes:
            ids = (len(nodes),)
            nodes.append(replace(node, inputs=move(node.inputs), outputs=move(node.outputs), tflite_ops=ids))
        inputs += move(graph.inputs)
        outputs += move(graph.outputs)
    return Graph("merged", 0, tensors, tuple(nodes), tuple(inputs), tuple(outputs))
