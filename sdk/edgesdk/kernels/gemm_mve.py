# SPDX-License-Identifier: Apache-2.0
"""What the packers of the mve family share: the streams that edge_gemm_s8_mve.h describes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Member
from edgesdk.kernels.weights import folded_bias
from edgesdk.model.graph import Array
from edgesdk.ops.weights import Scales

Words = npt.NDArray[np.int32]
COLUMNS, DOT = (0, 1, 2, 3), (0, 2, 4, 6, 1, 3, 5, 7)
"""The channels of a block in the order of the stream: edge_gemm_core_s8_mve's and edge_dot_core_s8_mve's."""
_STEP = 16


def can_requantize(scales: Scales) -> bool:
    """Whether the cores do: right shifts of 1 to 31, and every int8 value allowed."""
    whole = scales.low == -128 and scales.high == 127
    return whole and bool(((-scales.shift >= 1) | (scales.multiplier == 0)).all())


def gemm_members(weights: Array, bias: Array | None, in_zero_point: int, scales: Scales) -> dict[str, Member]:
    """The members of edge_gemm_s8_mve, named as those of a member `gemm`.

    Args:
        weights: [channels, elements].
    """
    constants = [folded_bias(bias, weights, in_zero_point), *scale_words(scales)]
    return _members("gemm", weights, scales, constants, COLUMNS)


def dot_members(weights: Array, bias: Array | None, in_zero_point: int, scales: Scales) -> dict[str, Member]:
    """The members of edge_dot_s8_mve, named as those of a member `dot`.

    Args:
        weights: [channels, elements].
    """
    constants = [folded_bias(bias, weights, in_zero_point), *scale_words(scales)]
    multiplier, right = constants[1:]
    one = bool(multiplier[0] != 0 and (multiplier == multiplier[0]).all() and (right == right[0]).all())
    return {
        **_members("dot", weights, scales, constants[:1] if one else constants, DOT),
        "dot.multiplier": int(multiplier[0]) if one else 0,
        "dot.right": int(right[0]) if one else 0,
    }


def scale_words(scales: Scales) -> tuple[Words, Words]:
    """Multipliers and -right, one for all channels or each."""
    right = np.where(scales.multiplier == 0, -1, scales.shift.astype(np.int32)).astype(np.int32)
    return scales.multiplier, right


def _members(
    name: str, weights: Array, scales: Scales, constants: list[Words], order: tuple[int, ...]
) -> dict[str, Member]:
    """Args: constants: of the channels, or one for all."""
    channels, elements = weights.shape
    steps, missing = -(-elements // _STEP), -channels % len(order)
    filled = np.pad(weights, ((0, missing), (0, steps * _STEP - elements))).astype(np.int8)
    blocks = filled.reshape(-1, len(order), steps, _STEP)[:, order].transpose(0, 2, 1, 3)
    words = np.ascontiguousarray(blocks).view("<i4").reshape(len(blocks), -1)

    def in_blocks(values: Words) -> Words:
        padded = np.pad(np.broadcast_to(values, channels), (0, missing))
        ordered: Words = padded.reshape(-1, len(order))[:, order]
        return ordered

    streams = [words, *(in_blocks(v) for v in constants)]
    return {
        f"{name}.stream": np.concatenate(streams, axis=1).astype(np.int32).reshape(-1),
        f"{name}.steps": steps,
        f"{name}.last": elements - _STEP * (steps - 1),
        f"{name}.channels": channels,
        f"{name}.zero_point": scales.zero_point,
    }
