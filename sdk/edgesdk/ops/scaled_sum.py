# SPDX-License-Identifier: Apache-2.0
"""What ADD and SUB share: both operands brought to one fine scale, summed, and brought to the output's.

Source: TensorFlow Lite's quantized ADD and SUB: with t twice the larger input scale, each operand counts in
units of t * 2^-20, so that (q - zero point) << 20 times scale / t fits 28 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.binary import BinaryInt8
from edgesdk.ops.fixed_point import (
    Int64,
    activation_range,
    multiply_by_quantized_multiplier,
    quantize_multiplier,
)

LEFT_SHIFT = 20


@dataclass(frozen=True)
class SumConstants:
    """All integers of one ADD or SUB.

    Args:
        sign: of input 1.
        zero_points: of input 0, input 1 and the output.
        inputs, output: (multiplier, shift).
        low, high: the int8 interval of the fused activation.
    """

    sign: int
    zero_points: tuple[int, int, int]
    inputs: tuple[tuple[int, int], tuple[int, int]]
    output: tuple[int, int]
    low: int
    high: int

    def apply(self, a: Array, b: Array) -> Int64:
        """The result for int8 arrays that broadcast."""
        first, second = (
            multiply_by_quantized_multiplier((q.astype(np.int64) - zero_point) << LEFT_SHIFT, *multiplier)
            for q, zero_point, multiplier in zip((a, b), self.zero_points[:2], self.inputs, strict=True)
        )
        total = multiply_by_quantized_multiplier(first + self.sign * second, *self.output)
        return np.clip(total + self.zero_points[2], self.low, self.high)


class ScaledSum(BinaryInt8):
    """output = input 0 + sign * input 1."""

    sign: ClassVar[int]
    single_precision: ClassVar[bool]
    """Whether TFLite Micro divides the scales as float32 (SUB) or as double (ADD)."""

    def check(self, graph: Graph, node: Node) -> None:
        super().check(graph, node)
        _, _, real = self._reals(graph, node)
        # TFLite Micro stops at 1 and above; in the last octave below it every sum but 0 saturates.
        if not 0 < real < 0.5:
            raise EdgeError(
                OP_OPTIONS,
                f"{self.name}'s scales are too far apart",
                why=f"inputs over output are 2^20 * {real:g}",
            )

    def constants(self, graph: Graph, node: Node) -> SumConstants:
        """The integer constants of a checked node."""
        first, second, result = self._reals(graph, node)
        a, b, out = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
        low, high = activation_range(node.options.activation, out.scale, out.zero_point)
        return SumConstants(
            self.sign,
            (a.zero_point, b.zero_point, out.zero_point),
            (quantize_multiplier(first), quantize_multiplier(second)),
            quantize_multiplier(result),
            low,
            high,
        )

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        a, b = inputs
        assert a is not None
        assert b is not None
        return (self.constants(graph, node).apply(a, b).astype(np.int8),)

    def _reals(self, graph: Graph, node: Node) -> tuple[float, float, float]:
        """The real multipliers of input 0, input 1 and the output."""
        number = np.float32 if self.single_precision else np.float64
        a, b, out = (
            number(t.scale) for t in (graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node))
        )
        twice = number(2) * max(a, b)
        return float(a / twice), float(b / twice), float(twice / (number(1 << LEFT_SHIFT) * out))
