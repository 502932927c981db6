# SPDX-License-Identifier: Apache-2.0
"""What the packers of the mve family share: the streams that edge_gemm_s8_mve.h describes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Member
from edgesdk.kernels.weights import folded_bias
from edgesdk.model.graph import Array
from edgesdk.ops.weights import Scales

COLUMNS, DOT = (0, 1, 2, 3), (0, 2, 4, 6, 1, 3, 5, 7)
"""The channels of a block in the order of the stream: edge_gemm_core_s8_mve's and edge_dot_core_s8_mve's."""
_STEP = 16


def can_requantize(scales: Scales) -> bool:
    """Whether the cores do: right shifts of 1 to 31, and every int8 value allowed."""
    whole = scales.low == -128 and scales.high == 127
    return whole and bool(((-scales.shift >= 1) | (scales.multiplier == 0)).all())


def gemm_members(
    weights: Array, bias: Array | None, in_zero_point: int, scales: Scales, order: tuple[int, ...]
) -> dict[str, Member]:
    """The members of edge_gemm_s8_mve, named as those of a member `gemm`.

    Args:
        weights: [channels, elements].
        order: COLUMNS or DOT.
    """
    channels, elements = weights.shape
    steps = -(-elements // _STEP)
    first = elements - _STEP * (steps - 1)
    missing = -channels % len(order)
    stepped = np.zeros((channels + missing, steps, _STEP), np.int8)
    stepped[:channels, 0, :first] = weights[:, :first]
    stepped[:channels, 1:] = weights[:, first:].reshape(channels, steps - 1, _STEP)
    blocks = stepped.reshape(-1, len(order), steps, _STEP)[:, order].transpose(0, 2, 1, 3)
    words = np.ascontiguousarray(blocks).view("<i4").reshape(len(blocks), -1)

    def in_blocks(values: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        padded = np.pad(np.broadcast_to(values, channels), (0, missing))
        ordered: npt.NDArray[np.int32] = padded.reshape(-1, len(order))[:, order]
        return ordered

    right = np.where(scales.multiplier == 0, -1, scales.shift.astype(np.int32)).astype(np.int32)
    constants = [in_blocks(v) for v in (folded_bias(bias, weights, in_zero_point), scales.multiplier, right)]
    return {
        "gemm.stream": np.concatenate([words, *constants], axis=1).astype(np.int32).reshape(-1),
        "gemm.steps": steps,
        "gemm.first": first,
        "gemm.channels": channels,
        "gemm.zero_point": scales.zero_point,
    }
