# SPDX-License-Identifier: Apache-2.0
"""LOGISTIC: 1 / (1 + exp(-x)), scale 1/256 and zero point -128."""

from __future__ import annotations

from edgesdk.ops.fixed_point import Int64
from edgesdk.ops.fixed_point_functions import logistic
from edgesdk.ops.saturating import INTEGER_BITS, SaturatingFunction


class Logistic(SaturatingFunction):
    name = "LOGISTIC"
    output_bits = 8
    output_zero_point = -128

    def function(self, raw: Int64) -> Int64:
        return logistic(raw, INTEGER_BITS)


OPERATOR = Logistic()
