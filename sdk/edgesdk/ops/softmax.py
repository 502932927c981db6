# SPDX-License-Identifier: Apache-2.0
"""SOFTMAX: exp(beta x) over its sum, along the last axis; scale 1/256 and zero point -128.

Source: TensorFlow Lite's int8 kernel. With d = x - max in Q5.26, exp(d) in Q0.31 is summed in Q12.19 and
multiplied with the sum's reciprocal. It depends on the 256 values of d alone, so a table holds it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.fixed_point import Int64, doubling_high_multiply, quantize_multiplier, rounding_divide_by_pot
from edgesdk.ops.fixed_point_functions import exp_of_negative, reciprocal_of_one_plus
from edgesdk.ops.unary import UnaryInt8, check_fixed_output

DIFFERENCE_BITS = 5  # integer bits of x - max
SUM_BITS = 12  # integer bits of the sum


class Softmax(UnaryInt8):
    name = "SOFTMAX"

    def check(self, graph: Graph, node: Node) -> None:
        super().check(graph, node)
        source = graph.tensor_in(node, 0)
        if not source.shape:
            raise EdgeError(MODEL_INVALID, "SOFTMAX needs an input of rank 1 or more")
        check_fixed_output(self.name, graph.tensor_out(node), 1 / 256, -128)
        if not _real(graph, node) > 1.0:
            raise EdgeError(OP_OPTIONS, "SOFTMAX's beta times its input scale is 2^-26 or less")
        if source.shape[-1] >= 1 << SUM_BITS:
            raise EdgeError(OP_OPTIONS, f"SOFTMAX over {source.shape[-1]} elements", why="its sum holds 4095")

    def exponentials(self, graph: Graph, node: Node) -> Int64:
        """exp(-beta * scale * i) in Q0.31 for i = 0, 1, ... (at most 256); what is missing counts as 0."""
        multiplier, shift = quantize_multiplier(min(_real(graph, node), (1 << 31) - 1.0))
        if shift > 30:  # capped: the next value is beyond the table
            return exp_of_negative(np.zeros(1, np.int64), DIFFERENCE_BITS)
        radius = ((1 << DIFFERENCE_BITS) - 1 << (31 - DIFFERENCE_BITS)) >> shift
        difference = -np.arange(min(radius, 255) + 1, dtype=np.int64)
        return exp_of_negative(doubling_high_multiply(difference << shift, multiplier), DIFFERENCE_BITS)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        table = np.zeros(256, dtype=np.int64)
        known = self.exponentials(graph, node)
        table[: len(known)] = known
        difference = x.max(axis=-1, keepdims=True).astype(np.int64) - x
        exponential = table[difference]
        total = rounding_divide_by_pot(exponential, SUM_BITS).sum(axis=-1, keepdims=True)

        # total * 2^headroom is in [2^31, 2^32): 1 + a with a in Q0.31
        headroom = 32 - np.floor(np.log2(total)).astype(np.int64) - 1
        reciprocal = reciprocal_of_one_plus((total << headroom) - (1 << 31))
        exponent = SUM_BITS - headroom + 31 - 8
        scaled = doubling_high_multiply(reciprocal, exponential)
        # TFLite Micro aborts where the exponent passes 31 (flat rows of 512 and more). Every share is then
        # below 1/512, which rounds to 0.
        share = np.where(exponent > 31, 0, rounding_divide_by_pot(scaled, np.minimum(exponent, 31)))
        return (np.minimum(share - 128, 127).astype(np.int8),)


def _real(graph: Graph, node: Node) -> float:
    """The multiplier that brings a difference of int8 values to Q5.26."""
    beta: float = node.options.beta
    return beta * graph.tensor_in(node, 0).scale * float(1 << (31 - DIFFERENCE_BITS))


OPERATOR = Softmax()
