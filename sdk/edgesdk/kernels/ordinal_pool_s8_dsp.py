# SPDX-License-Identifier: Apache-2.0
"""ordinal_pool_s8_dsp: edgesdk.OrdinalPool, four channels in a word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.ordinal_pool_s8 import OrdinalPoolS8


class OrdinalPoolS8Dsp(OrdinalPoolS8):
    symbol = "edge_ordinal_pool_s8_dsp"
    family = "dsp"
    lanes = 4

    def packed(self, weights: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """int16 [channels / 4, ranks, 4], in the order 0, 2, 1, 3: as bytes of a word are widened."""
        channels, ranks = weights.shape
        padded = np.pad(weights.astype(np.int16), ((0, -channels % 4), (0, 0)))
        return padded.reshape(-1, 4, ranks)[:, [0, 2, 1, 3]].transpose(0, 2, 1)


KERNEL = OrdinalPoolS8Dsp()
