# SPDX-License-Identifier: Apache-2.0
"""HARD_SWISH: x * clamp(x + 3, 0, 6) / 6, in int16 fixed point.

Source: TensorFlow Lite's quantized reference. x is scaled up by 2^7; one factor is x on the output's scale
before its shift, the other is (x / 3 + 1) / 2 in Q0.15, saturated to [0, 1).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.fixed_point import Int64, quantize_multiplier
from edgesdk.ops.unary import UnaryInt8

INT16_MIN, INT16_MAX = -(1 << 15), (1 << 15) - 1


class HardSwish(UnaryInt8):
    name = "HARD_SWISH"

    def check(self, graph: Graph, node: Node) -> None:
        super().check(graph, node)
        (_, shift), _ = _multipliers(graph, node)
        if shift > 0:
            raise EdgeError(OP_OPTIONS, "HARD_SWISH's input scale is more than 128 times its output's")

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        q = inputs[0]
        assert q is not None
        (multiplier, shift), (gate_multiplier, gate_shift) = _multipliers(graph, node)
        x = (q.astype(np.int64) - graph.tensor_in(node, 0).zero_point) << 7
        on_output_scale = _high_multiply(x, multiplier)

        gate = x
        if gate_shift > 0:  # all but the last bit first, so that only the last one can saturate the result
            gate = _saturate(gate << (gate_shift - 1))
        gate = _high_multiply(gate, gate_multiplier)
        if gate_shift > 0:
            gate = _saturate(gate << 1)
        elif gate_shift < 0:
            gate = _rounding_divide_int16(gate, -gate_shift)
        gate = (gate + (1 << 15)) >> 1  # from [-1, 1) to [0, 1)

        product = gate * on_output_scale
        truncated = np.where(product < 0, -(-product >> 15), product >> 15)
        result = _rounding_divide_int16(truncated, -shift) + graph.tensor_out(node).zero_point
        return (np.clip(result, -128, 127).astype(np.int8),)


def _multipliers(graph: Graph, node: Node) -> tuple[tuple[int, int], tuple[int, int]]:
    """(int16 multiplier, shift) to the output's scale and to 3/32768. The ratios are float32, as TFLite's."""
    fine = np.float32(1 / 128) * np.float32(graph.tensor_in(node, 0).scale)
    to_output = quantize_multiplier(float(fine / np.float32(graph.tensor_out(node).scale)))
    to_gate = quantize_multiplier(float(fine / (np.float32(3) / np.float32(32768))))
    return (_to_int16(to_output[0]), to_output[1]), (_to_int16(to_gate[0]), to_gate[1])


def _to_int16(multiplier: int) -> int:
    return min((multiplier + (1 << 15)) >> 16, INT16_MAX)


def _saturate(values: Int64) -> Int64:
    return np.clip(values, INT16_MIN, INT16_MAX)


def _high_multiply(a: Int64, b: int) -> Int64:
    """round(a * b / 2^15), ties upward; b is not negative, so nothing saturates."""
    return (a * b + (1 << 14)) >> 15


def _rounding_divide_int16(values: Int64, exponent: int) -> Int64:
    """round(x / 2^exponent), ties away from zero, with the remainder's mask cut to int16 as in TFLite."""
    mask = int(np.int64((1 << exponent) - 1).astype(np.int16))
    threshold = (mask >> 1) + (values < 0)
    return (values >> exponent) + ((values & mask) > threshold)


OPERATOR = HardSwish()
