# SPDX-License-Identifier: Apache-2.0
"""Builds graphs of one operator for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from edgesdk.model.graph import Array, DType, Graph, Node, Quantization, Shape, Tensor


def tensor(
    shape: Sequence[int],
    *,
    scale: float | Sequence[float] | None = 1.0,
    zero_point: int | Sequence[int] = 0,
    axis: int = 0,
    dtype: DType = DType.INT8,
    data: Array | None = None,
    name: str = "",
) -> Tensor:
    """A tensor whose index is set by `single_node_graph`.

    Args:
        scale: rounded to float32, as in a file; a sequence is per index along `axis`; None: not quantized.
        zero_point: one, or one per scale.
        data: makes it a constant; converted to `dtype` and to `shape`.
    """
    quantization = None
    if scale is not None:
        scales = [scale] if isinstance(scale, int | float) else scale
        points = [zero_point] * len(scales) if isinstance(zero_point, int) else zero_point
        quantization = Quantization(tuple(float(np.float32(s)) for s in scales), tuple(points), axis)
    constant = None
    if data is not None:
        constant = np.ascontiguousarray(data, dtype=dtype.value).reshape(tuple(shape))
        constant.flags.writeable = False
    return Tensor(-1, name, tuple(shape), dtype, quantization, constant)


def single_node_graph(
    op: str, inputs: Sequence[Tensor | None], outputs: Sequence[Tensor], options: Any = None
) -> Graph:
    """A graph of one node; its inputs are those of the node that are not constant, in order.

    None is an omitted operand; the same Tensor object given twice is one tensor.
    """
    numbered: dict[int, tuple[int, Tensor]] = {}
    for t in (*inputs, *outputs):
        if t is not None and id(t) not in numbered:
            numbered[id(t)] = (len(numbered), t)
    tensors = {i: replace(t, index=i, name=t.name or f"t{i}") for i, t in numbered.values()}
    ins = tuple(-1 if t is None else numbered[id(t)][0] for t in inputs)
    outs = tuple(numbered[id(t)][0] for t in outputs)
    node = Node(op, ins, outs, options, (0,))
    fed = tuple(dict.fromkeys(i for i in ins if i >= 0 and not tensors[i].constant))
    return Graph("single_node", 0, tensors, (node,), fed, outs)


def random_input(rng: np.random.Generator, shape: Shape, dtype: DType = DType.INT8) -> Array:
    """Integers of the whole range, with extremes made common."""
    info = np.iinfo(dtype.value)
    values = rng.integers(info.min, info.max + 1, shape)
    extreme = rng.choice(np.array([info.min, info.max, 0]), shape)
    return np.where(rng.random(shape) < 0.2, extreme, values).astype(dtype.value)


def side_by_side(graphs: Sequence[Graph]) -> Graph:
    """Graphs that do not touch each other, as one: one compilation then serves them all."""
    tensors: dict[int, Tensor] = {}
    nodes: list[Node] = []
    inputs: list[int] = []
    outputs: list[int] = []
    for graph in graphs:
        base = len(tensors)
        number = {t: base + i for i, t in enumerate(graph.tensors)} | {-1: -1}
        tensors |= {number[t]: replace(tensor, index=number[t]) for t, tensor in graph.tensors.items()}
        for node in graph.nodes:
            ins, outs = (tuple(number[t] for t in side) for side in (node.inputs, node.outputs))
            nodes.append(replace(node, inputs=ins, outputs=outs, tflite_ops=(len(nodes),)))
        inputs += [number[t] for t in graph.inputs]
        outputs += [number[t] for t in graph.outputs]
    return Graph("side_by_side", 0, tensors, tuple(nodes), tuple(inputs), tuple(outputs))
