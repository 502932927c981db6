# SPDX-License-Identifier: Apache-2.0
"""LEAKY_RELU: x where it is not negative, alpha * x where it is, each with a multiplier of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.fixed_point import Int64, multiply_by_quantized_multiplier, quantize_multiplier
from edgesdk.ops.unary import UnaryInt8, check_ratio


class LeakyRelu(UnaryInt8):
    name = "LEAKY_RELU"

    def check(self, graph: Graph, node: Node) -> None:
        super().check(graph, node)
        for real in _reals(graph, node):
            check_ratio(self.name, real)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        q = inputs[0]
        assert q is not None
        x = q.astype(np.int64) - graph.tensor_in(node, 0).zero_point
        above, below = (_multiply(x, real) for real in _reals(graph, node))
        result = np.where(x >= 0, above, below) + graph.tensor_out(node).zero_point
        return (np.clip(result, -128, 127).astype(np.int8),)


def _multiply(x: Int64, real: float) -> Int64:
    """x * real, rounded as TFLite Micro does: a negative multiplier turns the ties the other way."""
    scaled = multiply_by_quantized_multiplier(x, *quantize_multiplier(abs(real)))
    return -scaled if real < 0 else scaled


def _reals(graph: Graph, node: Node) -> tuple[float, float]:
    """The multipliers of x >= 0 and x < 0. TFLite computes both in float32."""
    source, target = np.float32(graph.tensor_in(node, 0).scale), np.float32(graph.tensor_out(node).scale)
    with np.errstate(over="ignore", under="ignore"):
        return float(source / target), float(source * np.float32(node.options.alpha) / target)


OPERATOR = LeakyRelu()
