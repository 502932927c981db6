# SPDX-License-Identifier: Apache-2.0
"""max_pool_2d_s8_dsp: MAX_POOL_2D, four channels in a word."""

from __future__ import annotations

from edgesdk.kernels.pool_2d_s8 import Pool2DS8


class MaxPool2DS8Dsp(Pool2DS8):
    symbol = "edge_max_pool_2d_s8_dsp"
    ops = ("MAX_POOL_2D",)
    family = "dsp"


KERNEL = MaxPool2DS8Dsp()
