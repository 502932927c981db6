# SPDX-License-Identifier: Apache-2.0
"""Float Graph and ranges -> int8 Graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from edgesdk.model.graph import Array, DType, Graph, Node, Quantization, Tensor
from edgesdk.ops.check import check_graph
from edgesdk.ops.ordinal_pool import ONE
from edgesdk_converters.quantize.observers import Range
from edgesdk_converters.quantize.roles import BIAS, JOINING, LINEAR, SOURCE, WEIGHTS
from edgesdk_converters.quantize.scales import groups, quantization_of, with_requantization
from edgesdk_converters.quantize.shares import integer_shares
from edgesdk_converters.quantize.weights import LARGEST, other_axes, symmetric

_MOST_BIAS = 1 << 30  # what is left of int32 is the products'


@dataclass(frozen=True)
class _Constant:
    """What takes the place of a float constant."""

    data: Array
    dtype: DType
    quantization: Quantization


def to_int8(graph: Graph, ranges: Mapping[int, Range]) -> Graph:
    """The int8 graph; activations keep their indices.

    Args:
        graph: simplified.
        ranges: as `calibrate` gives them.

    Raises:
        EdgeError: what the operators' checks raise.
    """
    graph = with_requantization(graph)
    found = groups(graph)
    known = {g: quantization_of(bounds) for g, bounds in ranges.items()} | dict(found.fixed)
    activations = {
        t: replace(graph.tensors[t], dtype=DType.INT8, quantization=known[group]) for t, group in found.of.items()
    }
    tensors = {**graph.tensors, **activations}
    nodes = []
    for node in graph.nodes:
        inputs = list(node.inputs)
        for k, constant in _constants(graph, node, activations):
            # Two nodes that share a float constant get one each: their inputs' scales differ.
            index, old = max(tensors) + 1, graph.tensor_in(node, k)
            data = np.ascontiguousarray(constant.data, constant.dtype.value)
            data.setflags(write=False)
            tensors[index] = Tensor(index, old.name, old.shape, constant.dtype, constant.quantization, data)
            inputs[k] = index
        nodes.append(replace(node, inputs=tuple(inputs)))
    named = {t for node in nodes for t in (*node.inputs, *node.outputs)} | {*graph.inputs, *graph.outputs}
    made = graph.with_nodes(tuple(nodes), tensors={t: tensor for t, tensor in tensors.items() if t in named})
    check_graph(made)
    return made


def _constants(graph: Graph, node: Node, activations: Mapping[int, Tensor]) -> Iterator[tuple[int, _Constant]]:
    """Which of a node's inputs are float constants, and what each becomes."""
    if node.op in LINEAR:
        yield from _linear(graph, node, activations)
        return
    scales = symmetric(graph)
    for k in range(len(node.inputs)):
        tensor = graph.input(node, k)
        if tensor is None or tensor.data is None or tensor.dtype is not DType.FLOAT32:
            continue
        if tensor.index in scales:
            yield k, _weights(tensor.data, weight_scales(tensor.data, scales[tensor.index]), scales[tensor.index])
        elif node.op == "edgesdk.OrdinalPool":
            yield k, _Constant(integer_shares(tensor.data), DType.INT16, Quantization((1 / ONE,), (0,)))
        else:
            own = quantization_of((float(tensor.data.min()), float(tensor.data.max())))
            shared = activations[node.outputs[0]].quantization
            yield k, _operand(tensor.data, shared if shared and node.op in (*JOINING, "PADV2") else own)


def _linear(graph: Graph, node: Node, activations: Mapping[int, Tensor]) -> Iterator[tuple[int, _Constant]]:
    """Weights, and the bias in units of input scale times weight scale."""
    axis = symmetric(graph)[node.inputs[WEIGHTS[node.op]]]
    weights, bias = graph.tensor_in(node, WEIGHTS[node.op]), graph.input(node, BIAS[node.op])
    assert weights.data is not None
    entering = activations[node.inputs[SOURCE[node.op]]].scale
    scale = weight_scales(weights.data, axis)
    if bias is not None:
        assert bias.data is not None
        # A channel of tiny weights and a large bias would overflow the bias's units.
        scale = np.maximum(scale, np.abs(bias.data.astype(np.float64)) / (entering * _MOST_BIAS)).astype(np.float32)
        units = entering * scale.astype(np.float64)
        yield BIAS[node.op], _Constant(np.round(bias.data / units), DType.INT32, _around_zero(units, 0))
    yield WEIGHTS[node.op], _weights(weights.data, scale, axis)


def weight_scales(data: Array, axis: int | None) -> Array:
    """float32 scales of weights, [channels] or [1]; 1 / 127 for what is zero throughout."""
    largest = np.abs(data).max(axis=other_axes(data.ndim, axis)).reshape(-1)
    return np.where(largest > 0, largest, 1).astype(np.float32) / np.float32(LARGEST)


def _weights(data: Array, scale: Array, axis: int | None) -> _Constant:
    shape = [-1 if a == axis else 1 for a in range(data.ndim)]
    steps = np.clip(np.round(data / scale.astype(np.float64).reshape(shape)), -LARGEST, LARGEST)
    return _Constant(steps, DType.INT8, _around_zero(scale, axis))


def _operand(data: Array, quantization: Quantization) -> _Constant:
    steps = np.round(data / np.float64(quantization.scale[0])) + quantization.zero_point[0]
    return _Constant(np.clip(steps, -128, 127), DType.INT8, quantization)


def _around_zero(scale: Array, axis: int | None) -> Quantization:
    return Quantization(tuple(float(np.float32(s)) for s in scale), (0,) * len(scale), axis or 0)
