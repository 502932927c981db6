# SPDX-License-Identifier: Apache-2.0
"""ADD: a + b, with broadcasting and a fused activation."""

from __future__ import annotations

from edgesdk.ops.scaled_sum import ScaledSum


class Add(ScaledSum):
    name = "ADD"
    sign = 1
    single_precision = False


OPERATOR = Add()
