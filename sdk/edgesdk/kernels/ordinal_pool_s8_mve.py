# SPDX-License-Identifier: Apache-2.0
"""ordinal_pool_s8_mve: edgesdk.OrdinalPool by shares, sixteen channels in a vector."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.ordinal_pool_s8 import OrdinalPoolS8
from edgesdk.model.graph import DType, Graph, Node

_LANES = 16


class OrdinalPoolS8Mve(OrdinalPoolS8):
    symbol = "edge_ordinal_pool_s8_mve"
    family = "mve"
    lanes = _LANES

    def accepts(self, graph: Graph, node: Node) -> bool:
        return graph.tensor_in(node, 1).dtype is DType.INT16

    def packed(self, weights: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """int16 [channels / 16, ranks, 16], the even channels of a vector before the odd ones."""
        channels, ranks = weights.shape
        padded = np.pad(weights.astype(np.int16), ((0, -channels % _LANES), (0, 0)))
        blocks = padded.reshape(-1, _LANES // 2, 2, ranks)
        return blocks.transpose(0, 3, 2, 1).reshape(-1, ranks, _LANES)


KERNEL = OrdinalPoolS8Mve()
