# SPDX-License-Identifier: Apache-2.0
"""What LOGISTIC and TANH share: the input in Q4.27, saturation beyond 16, and one fixed-point function.

Source: TensorFlow Lite's int8 kernels of both; TFLite Micro computes them element by element, with no table.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.fixed_point import Int64, multiply_by_quantized_multiplier, rounding_divide_by_pot
from edgesdk.ops.unary import UnaryInt8, check_fixed_output

INTEGER_BITS = 4
FRACTIONAL_BITS = 31 - INTEGER_BITS


class SaturatingFunction(UnaryInt8):
    """A function of the real line that is flat at int8's ends where |x| >= 15."""

    output_bits: ClassVar[int]
    """The output's scale is 2^-output_bits."""
    output_zero_point: ClassVar[int]

    @abstractmethod
    def function(self, raw: Int64) -> Int64:
        """The result in Q0.31 of an input in Q4.27."""

    def check(self, graph: Graph, node: Node) -> None:
        super().check(graph, node)
        scale = graph.tensor_in(node, 0).scale
        if scale < 2.0 ** -(FRACTIONAL_BITS + 1):
            raise EdgeError(OP_OPTIONS, f"{self.name}'s input scale is too small", why=f"it is {scale:g}")
        check_fixed_output(self.name, graph.tensor_out(node), 2.0**-self.output_bits, self.output_zero_point)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        q = inputs[0]
        assert q is not None
        source = graph.tensor_in(node, 0)
        fraction, shift = math.frexp(source.scale * (1 << FRACTIONAL_BITS))
        multiplier = int(fraction * (1 << 31))  # exact: a float32 scale has 24 bits
        radius = ((1 << INTEGER_BITS) - 1 << FRACTIONAL_BITS) >> shift

        x = q.astype(np.int64) - source.zero_point
        inside = np.abs(x) < radius
        raw = multiply_by_quantized_multiplier(np.where(inside, x, 0), multiplier, min(shift, 30))
        result = rounding_divide_by_pot(self.function(raw), 31 - self.output_bits) + self.output_zero_point
        clipped = np.where(inside, np.clip(result, -128, 127), np.where(x < 0, -128, 127))
        # With a radius of 0 TFLite asks for the lower end first.
        return (np.where((x == 0) & (radius == 0), -128, clipped).astype(np.int8),)
