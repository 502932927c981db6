# SPDX-License-Identifier: Apache-2.0
"""MUL: a * b, with broadcasting and a fused activation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.binary import BinaryInt8
from edgesdk.ops.fixed_point import activation_range, multiply_by_quantized_multiplier, quantize_multiplier


@dataclass(frozen=True)
class MulConstants:
    """The product's multiplier and shift, and the int8 interval of the fused activation."""

    multiplier: int
    shift: int
    low: int
    high: int


class Mul(BinaryInt8):
    name = "MUL"

    def check(self, graph: Graph, node: Node) -> None:
        super().check(graph, node)
        # The product of two int8 differences needs 17 bits; TFLite shifts it left within 32.
        if not _real(graph, node) < 1 << 14:
            raise EdgeError(
                OP_OPTIONS,
                "MUL's scales are too far apart",
                why=f"inputs over output are {_real(graph, node):g}",
            )

    def constants(self, graph: Graph, node: Node) -> MulConstants:
        """The integer constants of a checked node."""
        out = graph.tensor_out(node)
        low, high = activation_range(node.options.activation, out.scale, out.zero_point)
        return MulConstants(*quantize_multiplier(_real(graph, node)), low, high)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        a, b = inputs
        assert a is not None
        assert b is not None
        c = self.constants(graph, node)
        first = a.astype(np.int64) - graph.tensor_in(node, 0).zero_point
        second = b.astype(np.int64) - graph.tensor_in(node, 1).zero_point
        scaled = multiply_by_quantized_multiplier(first * second, c.multiplier, c.shift)
        return (np.clip(scaled + graph.tensor_out(node).zero_point, c.low, c.high).astype(np.int8),)


def _real(graph: Graph, node: Node) -> float:
    return graph.tensor_in(node, 0).scale * graph.tensor_in(node, 1).scale / graph.tensor_out(node).scale


OPERATOR = Mul()
