# SPDX-License-Identifier: Apache-2.0
"""Requantization in two instructions on cores with DSP, where that is proven equal to TFLite's for all sums.

With a sum kept times 2^8, y = saturate(((sum * factor >> 32) + constant) >> SHIFT): SMMLA and SSAT. The factor is
the multiplier, shifted so that SHIFT serves all channels. Both this and TFLite's two roundings are monotone in the
sum, so they agree wherever they agree on both sides of each of TFLite's at most 255 steps; for a factor, every step
confines the constant to an interval. Any constant in the intersection is a proof; where it is empty for the factors
tried, the general way runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from edgesdk.ops.fixed_point import Int64
from edgesdk.ops.weights import Scales

PRESHIFT = 8
SHIFT = 10
"""EDGE_LINE_SHIFT."""

REACH = 3  # factors tried on either side of the rounded one
LARGEST_SUM = (1 << 23) - 1
UNBOUNDED = np.int64(1) << 40


@dataclass(frozen=True)
class ShortScales:
    """Per channel: the factor, the constant, and whether both are proven; zeros where they are not."""

    factor: npt.NDArray[np.int32]
    constant: npt.NDArray[np.int32]
    proven: npt.NDArray[np.bool_]


def short_scales(scales: Scales, least: Int64, most: Int64) -> ShortScales:
    """Fits and proves the short form.

    Args:
        least, most: [channels], the sums that inputs can bring about, bias included.
    """
    channels = len(least)
    multiplier, shift = (np.broadcast_to(a, channels) for a in (scales.multiplier, scales.shift))
    return _fit(
        *(np.ascontiguousarray(a, np.int64).tobytes() for a in (multiplier, shift, least, most)),
        scales.zero_point,
        scales.low,
        scales.high,
    )


@lru_cache(maxsize=512)
def _fit(
    multiplier_bytes: bytes,
    shift_bytes: bytes,
    least_bytes: bytes,
    most_bytes: bytes,
    zero_point: int,
    low: int,
    high: int,
) -> ShortScales:
    multiplier, shift, least, most = (
        np.frombuffer(b, np.int64) for b in (multiplier_bytes, shift_bytes, least_bytes, most_bytes)
    )
    scales = Scales(multiplier.astype(np.int32), shift.astype(np.int8), zero_point, low, high)
    drop = PRESHIFT - shift - SHIFT - 1  # bits of the multiplier that the common shift leaves no room for
    possible = (drop >= 0) & (least >= -LARGEST_SUM) & (most <= LARGEST_SUM)
    # int64 outputs of int32 sums: the most and least stand in where a channel is given up, so that nothing wraps.
    lo, hi = np.where(possible, least, 0), np.where(possible, most, 0)
    wanted = np.arange(low, high + 1, dtype=np.int64)[:, None]
    first, last = (scales.requantize(s).astype(np.int64) for s in (lo, hi))
    steps = (wanted > first) & (wanted <= last)
    at = _first_sums(scales, wanted, lo, hi)
    factor, constant = np.zeros_like(lo), np.zeros_like(lo)
    proven = np.zeros(len(lo), np.bool_)
    rounded = (multiplier + ((np.int64(1) << np.maximum(drop, 1)) >> 1) * (drop > 0)) >> np.maximum(drop, 0)
    for step in sorted(range(-REACH, REACH + 1), key=abs):
        tried = np.clip(rounded + step, 0, (1 << 31) - 1)
        bottom = np.where(steps, (wanted << SHIFT) - _high(at, tried), -UNBOUNDED).max(axis=0)
        top = np.where(steps, (wanted << SHIFT) - 1 - _high(at - 1, tried), UNBOUNDED).min(axis=0)
        # The ends, where saturation to int8 does not already make them right.
        bottom = np.maximum(bottom, np.where(first > -128, (first << SHIFT) - _high(lo, tried), -UNBOUNDED))
        top = np.minimum(top, np.where(last < 127, ((last + 1) << SHIFT) - 1 - _high(hi, tried), UNBOUNDED))
        base = common_constant(zero_point)
        chosen = np.clip((np.maximum(bottom, base - 32768) + np.minimum(top, base + 32767)) >> 1, bottom, top)
        good = possible & ~proven & (bottom <= top) & (np.abs(chosen - base) < 32768)
        factor, constant = np.where(good, tried, factor), np.where(good, chosen, constant)
        proven |= good
    return ShortScales(factor.astype(np.int32), constant.astype(np.int32), proven)


def common_constant(zero_point: int) -> int:
    """What the constants of all channels of a layer are near: the output's zero point and half a step."""
    return (zero_point << SHIFT) + (1 << (SHIFT - 1))


def _first_sums(scales: Scales, wanted: Int64, least: Int64, most: Int64) -> Int64:
    """[outputs, channels]: the first sum whose output is at least the wanted one, by bisection."""
    shape = (len(wanted), len(least))
    below, reached = (np.broadcast_to(a, shape).copy() for a in (least, most))
    while (reached - below > 1).any():
        middle = (below + reached) >> 1
        enough = scales.requantize(middle) >= wanted
        reached, below = np.where(enough, middle, reached), np.where(enough, below, middle)
    return reached


def _high(sums: Int64, factor: Int64) -> Int64:
    return ((sums << PRESHIFT) * factor) >> 32
