# SPDX-License-Identifier: Apache-2.0
"""Float Graph -> float Graph that computes the same with fewer operators: what int8 should not pay for, or cannot say.

Factors and summands for each channel (batch normalization) go into the convolution before them, or become a depthwise
1x1 convolution; RELU and RELU6 are fused into what makes their input.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from edgesdk.model.graph import Array, DType, Graph, Node, Tensor
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk_converters.quantize.roles import BIAS, LINEAR, WEIGHTS

_FUSED = {"RELU": "RELU", "RELU6": "RELU6"}
_FUSING = (*LINEAR, "ADD", "SUB", "MUL", "AVERAGE_POOL_2D", "MAX_POOL_2D")


def simplify(graph: Graph) -> Graph:
    """The simplified graph; tensors keep their indices, those that nothing names any more are dropped."""
    for step in (_fold_affine, _fold_or_make_depthwise, _fuse_activation):
        graph = _until_done(graph, step)
    named = {t for node in graph.nodes for t in (*node.inputs, *node.outputs)} | {*graph.inputs, *graph.outputs}
    return replace(graph, tensors={t: tensor for t, tensor in graph.tensors.items() if t in named})


def _until_done(graph: Graph, step: Callable[[Graph, int], Graph | None]) -> Graph:
    """`step` tries one node, and gives a changed graph or None."""
    place = 0
    while place < len(graph.nodes):
        changed = step(graph, place)
        if changed is None:
            place += 1
        else:
            graph, place = changed, max(0, place - 1)
    return graph


def _fold_affine(graph: Graph, place: int) -> Graph | None:
    """MUL or ADD by a constant for each channel, into the linear operator that makes its other operand."""
    found = _affine(graph, place)
    if found is None:
        return None
    x, factor, summand = found
    maker = graph.producer.get(x)
    if maker is None or graph.consumers[x] != (place,) or x in graph.outputs:
        return None
    linear = graph.nodes[maker]
    if linear.op not in LINEAR or linear.options.activation != "NONE":
        return None
    weights = graph.tensor_in(linear, WEIGHTS[linear.op])
    if weights.data is None:
        return None
    # Output channels come last in depthwise kernels and first in all others.
    shape = (-1,) if linear.op == "DEPTHWISE_CONV_2D" else (-1, *(1,) * (len(weights.shape) - 1))
    bias = graph.input(linear, BIAS[linear.op])
    old = np.zeros(len(factor)) if bias is None else np.asarray(bias.data, np.float64)
    new_weights = _constant(graph, weights.data * factor.reshape(shape), weights.name)
    new_bias = _constant(
        graph, old * factor + summand, bias.name if bias else f"{weights.name}/bias", new_weights.index
    )
    inputs = list(linear.inputs[: BIAS[linear.op]])
    inputs[WEIGHTS[linear.op]] = new_weights.index
    merged = replace(linear, inputs=(*inputs, new_bias.index), outputs=graph.nodes[place].outputs)
    activation = graph.nodes[place].options.activation
    merged = replace(merged, options=replace(merged.options, activation=activation))
    nodes = (*graph.nodes[:maker], merged, *graph.nodes[maker + 1 : place], *graph.nodes[place + 1 :])
    tensors = {**graph.tensors, new_weights.index: new_weights, new_bias.index: new_bias}
    return graph.with_nodes(nodes, tensors=tensors)


def _fold_or_make_depthwise(graph: Graph, place: int) -> Graph | None:
    return _fold_affine(graph, place) or _make_depthwise(graph, place)


def _make_depthwise(graph: Graph, place: int) -> Graph | None:
    """MUL or ADD of a map by a constant for each channel, as a depthwise 1x1 convolution: a scale for each channel."""
    found = _affine(graph, place)
    if found is None:
        return None
    x, factor, summand = found
    if len(graph.tensors[x].shape) != 4:
        return None
    node = graph.nodes[place]
    weights = _constant(graph, factor.reshape(1, 1, 1, -1), f"{graph.tensor_out(node).name}/kernel")
    bias = _constant(graph, summand, f"{graph.tensor_out(node).name}/bias", weights.index)
    options = DepthwiseConv2DOptions("VALID", 1, 1, 1, activation=node.options.activation)
    made = Node("DEPTHWISE_CONV_2D", (x, weights.index, bias.index), node.outputs, options, node.tflite_ops)
    tensors = {**graph.tensors, weights.index: weights, bias.index: bias}
    return graph.with_nodes((*graph.nodes[:place], made, *graph.nodes[place + 1 :]), tensors=tensors)


def _affine(graph: Graph, place: int) -> tuple[int, Array, Array] | None:
    """(tensor, factor, summand), both [channels] in float64, of a MUL, ADD or SUB by a constant for each channel."""
    node = graph.nodes[place]
    if node.op not in ("MUL", "ADD", "SUB"):
        return None
    constants = [k for k in (0, 1) if graph.tensor_in(node, k).data is not None]
    if len(constants) != 1 or (node.op == "SUB" and constants == [0]):
        return None
    constant, x = graph.tensor_in(node, constants[0]), graph.tensor_in(node, 1 - constants[0])
    channels = x.shape[-1] if x.shape else 1
    assert constant.data is not None
    if constant.elements not in (1, channels) or (constant.elements > 1 and constant.shape[-1] != channels):
        return None
    if graph.tensor_out(node).shape != x.shape:
        return None
    values = np.broadcast_to(constant.data.astype(np.float64).reshape(-1), channels)
    if node.op == "MUL":
        return x.index, values, np.zeros(channels)
    return x.index, np.ones(channels), values if node.op == "ADD" else -values


def _fuse_activation(graph: Graph, place: int) -> Graph | None:
    node = graph.nodes[place]
    maker = graph.producer.get(node.inputs[0]) if node.op in _FUSED else None
    if maker is None or graph.consumers[node.inputs[0]] != (place,) or node.inputs[0] in graph.outputs:
        return None
    before = graph.nodes[maker]
    if before.op not in _FUSING or before.options.activation != "NONE":
        return None
    options = replace(before.options, activation=_FUSED[node.op])
    fused = replace(before, options=options, outputs=node.outputs)
    return graph.with_nodes((*graph.nodes[:maker], fused, *graph.nodes[maker + 1 : place], *graph.nodes[place + 1 :]))


def _constant(graph: Graph, values: Array, name: str, above: int = -1) -> Tensor:
    data = np.ascontiguousarray(values, np.float32)
    data.setflags(write=False)
    return Tensor(max(*graph.tensors, above) + 1, name, data.shape, DType.FLOAT32, None, data)
