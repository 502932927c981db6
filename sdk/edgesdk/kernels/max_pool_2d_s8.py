# SPDX-License-Identifier: Apache-2.0
"""max_pool_2d_s8: MAX_POOL_2D."""

from __future__ import annotations

from edgesdk.kernels.pool_2d_s8 import Pool2DS8


class MaxPool2DS8(Pool2DS8):
    symbol = "edge_max_pool_2d_s8"
    ops = ("MAX_POOL_2D",)


KERNEL = MaxPool2DS8()
