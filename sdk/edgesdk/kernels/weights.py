# SPDX-License-Identifier: Apache-2.0
"""What the packers of convolution kernels share: folded biases and scales as edge_gemm_s8.h lays them out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Member, int32_array
from edgesdk.model.graph import Array
from edgesdk.ops.weights import Scales

PER_CHANNEL, PER_TENSOR = 0xFFFF, 0
"""scale_mask: what a channel's index is combined with to find its multiplier."""


def folded_bias(bias: Array | None, weights: Array, zero_point: int) -> npt.NDArray[np.int32]:
    """bias - zero_point * (sum of the channel's weights), modulo 2^32.

    Args:
        weights: [channels, elements].
    """
    sums = weights.astype(np.int64).sum(axis=1)
    given = np.zeros(len(sums), np.int64) if bias is None else bias.reshape(-1).astype(np.int64)
    return int32_array(given - zero_point * sums)


def scale_members(scales: Scales) -> dict[str, Member]:
    """multiplier and right, each one entry where one pair serves all channels, and their scale_mask."""
    return {
        "multiplier": scales.multiplier,
        "right": -scales.shift,
        "scale_mask": PER_CHANNEL if len(scales.multiplier) > 1 else PER_TENSOR,
    }


def broadcast_scale_members(scales: Scales, channels: int) -> dict[str, Member]:
    """multiplier and right with one entry per channel."""
    return {
        "multiplier": np.broadcast_to(scales.multiplier, channels),
        "right": np.broadcast_to(-scales.shift, channels),
    }


def clamp_members(scales: Scales) -> dict[str, Member]:
    """The output's zero point and the bounds of the fused activation."""
    return {"zero_point": scales.zero_point, "low": scales.low, "high": scales.high}


def narrow_member(scales: Scales) -> dict[str, Member]:
    """Whether the bounds exclude some int8 value."""
    return {"narrow": int(scales.low > -128 or scales.high < 127)}
