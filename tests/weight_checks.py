# SPDX-License-Identifier: Apache-2.0
"""What the tests of the operators with weights share: a scalar requantization, the oracle, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from edgesdk.errors import EdgeError, ErrorKind
from edgesdk.model.graph import Array, Graph, Tensor
from edgesdk.ops import find_operator
from edgesdk.ops.check import check_graph
from edgesdk.ops.fixed_point import activation_range, quantize_multiplier
from edgesdk.ops.reference import run_reference
from oracle import OracleInterpreter
from single_node import random_input

Maker = Callable[[np.random.Generator], Graph]


def int32(value: int) -> int:
    return (value + (1 << 31)) % (1 << 32) - (1 << 31)


def scalar_requantize(graph: Graph, total: int, factor: float) -> int:
    """One int8 output of one sum, by the definition of the two roundings in exact arithmetic."""
    target = graph.tensor_out(graph.nodes[0])
    multiplier, shift = quantize_multiplier(factor)
    shifted = int32(int32(total) << max(shift, 0))
    high = (Fraction(shifted * multiplier, 1 << 31) + Fraction(1, 2)).__floor__()  # ties upward
    value = Fraction(high, 1 << max(-shift, 0))
    magnitude = (abs(value) + Fraction(1, 2)).__floor__()  # ties away from zero
    low, high_bound = activation_range(graph.nodes[0].options.activation, target.scale, target.zero_point)
    return min(max((magnitude if value >= 0 else -magnitude) + target.zero_point, low), high_bound)


def channel_factor(graph: Graph, source: Tensor, weights: Tensor, channel: int) -> float:
    assert weights.quantization is not None
    scales = weights.quantization.scale
    scale = scales[channel if len(scales) > 1 else 0]
    return source.scale * scale / graph.tensor_out(graph.nodes[0]).scale


def run(graph: Graph, inputs: list[Array]) -> Array:
    check_graph(graph)
    return run_reference(graph, inputs)[graph.outputs[0]]


def inputs_of(rng: np.random.Generator, graph: Graph) -> list[Array]:
    return [random_input(rng, graph.tensors[t].shape) for t in graph.inputs]


def check_against_oracle(make: Maker, seeds: range) -> None:
    """Random nodes in TFLite Micro's own kernels; both see three random inputs each."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        graph = make(rng)
        oracle = OracleInterpreter(graph)
        for _ in range(3):
            inputs = inputs_of(rng, graph)
            np.testing.assert_array_equal(run(graph, inputs), oracle.run(inputs)[0], err_msg=f"seed {seed}")


def changed(graph: Graph, position: int, **fields: Any) -> Graph:
    """The graph with fields of one input tensor of its node replaced."""
    t = graph.nodes[0].inputs[position]
    return replace(graph, tensors=dict(graph.tensors) | {t: replace(graph.tensors[t], **fields)})


def with_options(graph: Graph, **fields: Any) -> Graph:
    """The graph with other options of its node and the output shape that follows."""
    (node,) = graph.nodes
    node = replace(node, options=replace(node.options, **fields))
    (shape,) = find_operator(node.op).output_shapes(graph, node)
    target = replace(graph.tensor_out(node), shape=shape)
    return replace(graph, nodes=(node,), tensors=dict(graph.tensors) | {target.index: target})


def refused(graph: Graph, kind: ErrorKind) -> str:
    """Checks that the graph is refused with this kind of error; its text."""
    with pytest.raises(EdgeError) as caught:
        check_graph(graph)
    assert caught.value.kind is kind
    return str(caught.value)
