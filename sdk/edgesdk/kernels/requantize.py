# SPDX-License-Identifier: Apache-2.0
"""Requantization by one multiplication, proved per channel.

TFLite rounds twice: r = round_away(round_up(sum * multiplier / 2^31) / 2^right) + zero point, limited to int8.
A core with DSP does it in three instructions, fewer than the roundings take:

    y = saturate8((high_word((sum << shift) * multiplier') + offset) >> 15)

Both are monotone in the sum, so they are equal on an interval of sums if they are at either side of each of the 255
sums at which TFLite's output changes. Those sums have a closed form, and what the comparisons ask of `offset` is an
interval: a channel is proved where that interval is not empty. The sums a channel can reach follow from its weights,
its bias and the 256 values of an input, never from data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesdk.model.graph import Array
from edgesdk.ops.weights import Scales

Int64 = npt.NDArray[np.int64]

OUTPUT_SHIFT = 15
"""EDGE_DSP_SHIFT of firmware/kernels/edge_dsp.h."""
MOST_SHIFT = 8
_MOST_RIGHT = 22  # keeps the closed form in 64 bits
_STEPS = np.arange(-127, 128, dtype=np.int64)
_CANDIDATES = (0, 1, -1, 2, -2, 3, -3)  # multipliers tried, from the rounded one


@dataclass(frozen=True)
class Sums:
    """The least and the greatest sum of each channel, bias included; int64 [channels]."""

    least: Int64
    most: Int64


@dataclass(frozen=True)
class Fit:
    """Constants of the one multiplication, per channel; meaningless where not `proved`.

    Args:
        multiplier, offset: int32 [channels].
        shift: left shift of the sum, in [0, MOST_SHIFT]; int64 [channels]. No sum in range overflows by it.
        proved: bool [channels].
    """

    multiplier: npt.NDArray[np.int32]
    offset: npt.NDArray[np.int32]
    shift: Int64
    proved: npt.NDArray[np.bool_]


def reachable_sums(weights: Array, bias: Array, zero_point: int) -> Sums:
    """The sums bias + sum((x - zero_point) * w) over all int8 inputs x, those where some taps see padding included.

    Args:
        weights: int8 [channels, taps].
        bias: [channels], without the zero point's share.
    """
    wide = weights.astype(np.int64)
    a, b = wide * (-128 - zero_point), wide * (127 - zero_point)
    given = bias.astype(np.int64)
    return Sums(given + np.minimum(a, b).sum(axis=1), given + np.maximum(a, b).sum(axis=1))


def fit_requantization(scales: Scales, sums: Sums) -> Fit:
    """Finds and proves the constants for each channel.

    The fused activation is not part of it: where it excludes int8 values, the outputs are still to be limited.

    Args:
        scales: of the channels, or one for all.
        sums: what each channel can reach.
    """
    channels = len(sums.least)
    multiplier = np.broadcast_to(scales.multiplier.astype(np.int64), channels)
    right = np.broadcast_to(-scales.shift.astype(np.int64), channels)
    usable = (right >= 0) & (right <= _MOST_RIGHT) & (multiplier >= 1 << 30)
    n = np.where(usable, right, OUTPUT_SHIFT)
    shift = np.clip(OUTPUT_SHIFT + 1 - n, 0, MOST_SHIFT)
    halvings = shift + n - (OUTPUT_SHIFT + 1)
    usable &= halvings >= 0
    usable &= (sums.least << shift >= -(1 << 31)) & (sums.most << shift < 1 << 31)
    halvings = np.maximum(halvings, 0)
    near = np.minimum((multiplier + ((1 << halvings) >> 1)) >> halvings, (1 << 31) - 1)

    first = _first_sums(np.where(usable, multiplier, 1 << 30), n, scales.zero_point)
    least, most = (np.where(usable, s, 0)[:, None] for s in (sums.least, sums.most))
    reached, missed = first <= most, first > least
    above, below = np.maximum(first, least), np.minimum(first - 1, most)
    bounds = _STEPS << OUTPUT_SHIFT
    found = np.zeros(channels, np.bool_)
    chosen, offset = near.copy(), np.zeros(channels, np.int64)
    limit = np.int64(1 << 30)
    for step in _CANDIDATES:
        tried = np.clip(near + step, 0, (1 << 31) - 1)

        def product(x: Int64, by: Int64 = tried) -> Int64:
            return ((x << shift[:, None]) * by[:, None]) >> 32

        low = np.where(reached, bounds - product(np.where(reached, above, 0)), -limit).max(axis=1)
        high = np.where(missed, bounds - 1 - product(np.where(missed, below, 0)), limit).min(axis=1)
        fits = usable & ~found & (low <= high) & (low >= -limit) & (high <= limit)
        chosen[fits], offset[fits] = tried[fits], (low + ((high - low) >> 1))[fits]
        found |= fits
    return Fit(chosen.astype(np.int32), offset.astype(np.int32), shift, found)


def requantized(fit: Fit, sums: Int64) -> Array:
    """What the firmware makes of sums [..., channels] by a fit: int8."""
    high = ((sums << fit.shift) * fit.multiplier.astype(np.int64)) >> 32
    return np.clip((high + fit.offset) >> OUTPUT_SHIFT, -128, 127).astype(np.int8)


def _first_sums(multiplier: Int64, right: Int64, zero_point: int) -> Int64:
    """The least sum whose output is at least k, for k in -127..127: [channels, 255].

    With j = k - zero point: round_away(h / 2^right) >= j where h >= j * 2^right - 2^(right - 1), plus one if j <= 0,
    as ties of negative values round down; and h = floor((sum * multiplier + 2^30) / 2^31).
    """
    j = _STEPS - zero_point
    half = np.where(right > 0, (1 << right) >> 1, 0)[:, None]
    h = (j << right[:, None]) - half + ((j <= 0) & (right[:, None] > 0))
    return -(((1 << 30) - (h << 31)) // multiplier[:, None])
