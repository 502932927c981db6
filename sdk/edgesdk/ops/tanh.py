# SPDX-License-Identifier: Apache-2.0
"""TANH: the hyperbolic tangent, scale 1/128 and zero point 0."""

from __future__ import annotations

from edgesdk.ops.fixed_point import Int64
from edgesdk.ops.fixed_point_functions import tanh
from edgesdk.ops.saturating import INTEGER_BITS, SaturatingFunction


class Tanh(SaturatingFunction):
    name = "TANH"
    output_bits = 7
    output_zero_point = 0

    def function(self, raw: Int64) -> Int64:
        return tanh(raw, INTEGER_BITS)


OPERATOR = Tanh()
