# SPDX-License-Identifier: Apache-2.0
"""SUB: a - b, with broadcasting and a fused activation."""

from __future__ import annotations

from edgesdk.ops.scaled_sum import ScaledSum


class Sub(ScaledSum):
    name = "SUB"
    sign = -1
    single_precision = True


OPERATOR = Sub()
