# SPDX-License-Identifier: Apache-2.0
"""Requantization in two instructions on cores with DSP, where that is proven equal to TFLite's for all sums.

With t = 2^8 * sum + offset, y = saturate(t * factor >> SHIFT): SMMUL and SSAT. The factor is the multiplier, shifted so
that SHIFT serves all channels; the offset holds the output's zero point and half a step. Both this and TFLite's two
roundings are monotone in the sum, so they agree wherever they agree on both sides of each of TFLite's at most 255
steps; for a factor, every step confines the offset to an interval. Any offset in the intersection is a proof; where it
is empty for all factors tried, the general way runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.requantize import Sums
from edgesdk.ops.fixed_point import Int64
from edgesdk.ops.weights import Scales

PRESHIFT = 8
SHIFT = 42
"""EDGE_LINE_SHIFT."""

REACH = 32  # factors tried on either side of the rounded one: the first is proven for nine channels in ten
COARSE = 7  # right shift from which on a factor's neighbours differ enough
LARGEST = (1 << 31) - 1
SATURATING = 1 << 30  # factor and offset of channels that always saturate


@dataclass(frozen=True)
class ShortScales:
    """Per channel: factor and offset, and whether they are proven; zeros where they are not."""

    factor: npt.NDArray[np.int32]
    offset: npt.NDArray[np.int32]
    proven: npt.NDArray[np.bool_]


def short_scales(scales: Scales, sums: Sums) -> ShortScales:
    """Fits and proves the short form for the sums that inputs can bring about."""
    return _cached(*(_key(scales.multiplier), _key(scales.shift), _key(sums.least), _key(sums.most)), *_ends(scales))


def _key(values: npt.NDArray[np.int32] | npt.NDArray[np.int8] | Int64) -> bytes:
    return values.astype(np.int64).tobytes()


def _ends(scales: Scales) -> tuple[int, int, int]:
    return scales.zero_point, scales.low, scales.high


@lru_cache(maxsize=512)
def _cached(multiplier: bytes, shift: bytes, least: bytes, most: bytes, *ends: int) -> ShortScales:
    m, s, lo, hi = (np.frombuffer(b, np.int64) for b in (multiplier, shift, least, most))
    multipliers, shifts = np.broadcast_to(m, len(lo)), np.broadcast_to(s, len(lo))
    zero_point, low, high = ends
    return _fit(Scales(multipliers.astype(np.int32), shifts.astype(np.int8), zero_point, low, high), lo, hi)


def _fit(scales: Scales, least: Int64, most: Int64) -> ShortScales:
    multiplier = scales.multiplier.astype(np.int64)
    drop = 31 + PRESHIFT - SHIFT - scales.shift.astype(np.int64)  # bits of it that the common shift leaves no room for
    possible = np.maximum(np.abs(least), np.abs(most)) < 1 << (30 - PRESHIFT)
    least, most = np.where(possible, least, 0), np.where(possible, most, 0)
    room = LARGEST - (np.maximum(np.abs(least), np.abs(most)) << PRESHIFT)
    wanted = np.arange(scales.low, scales.high + 1, dtype=np.int64)[:, None]
    first, last = (scales.requantize(sums).astype(np.int64) for sums in (least, most))
    reached = _first_sums(scales, wanted, least, most) << PRESHIFT
    missed = reached - (1 << PRESHIFT)
    steps = (wanted > first) & (wanted <= last)
    half = np.where(drop > 0, (np.int64(1) << np.maximum(drop, 1)) >> 1, 0)
    rounded = (multiplier + half) >> np.maximum(drop, 0)

    # Where the factor has more bits than the offset, its neighbours make no difference.
    stride = np.int64(1) << np.clip(2 * (COARSE + scales.shift.astype(np.int64)), 0, 20)

    always = possible & (first == last) & ((first == -128) | (first == 127))
    factor = np.where(always, SATURATING, 0)
    offset = np.where(always, np.where(first < 0, -SATURATING, SATURATING), 0)
    proven = always.copy()
    for step in sorted(range(-REACH, REACH + 1), key=abs):
        if (proven | ~possible).all():
            break
        tried = np.clip(rounded + step * stride, 1, LARGEST)
        edge = _first_product(wanted, tried)
        # The ends of the range need their own outputs too, unless saturation makes them right.
        bottom = np.maximum(
            np.where(steps, edge - reached, -room).max(axis=0),
            np.where(first > -128, _first_product(first, tried) - (least << PRESHIFT), -room),
        )
        top = np.minimum(
            np.where(steps, edge - 1 - missed, room).min(axis=0),
            np.where(last < 127, _first_product(last + 1, tried) - 1 - (most << PRESHIFT), room),
        )
        bottom, top = np.maximum(bottom, -room), np.minimum(top, room)
        good = possible & (drop >= 0) & ~proven & (bottom <= top)
        factor, offset = np.where(good, tried, factor), np.where(good, (bottom + top) >> 1, offset)
        proven |= good
    return ShortScales(factor.astype(np.int32), offset.astype(np.int32), proven)


def _first_sums(scales: Scales, wanted: Int64, least: Int64, most: Int64) -> Int64:
    """[outputs, channels]: the first sum whose output is at least the wanted one, by bisection."""
    shape = (len(wanted), len(least))
    below, reached = (np.broadcast_to(a, shape).copy() for a in (least, most))
    while (reached - below > 1).any():
        middle = (below + reached) >> 1
        enough = scales.requantize(middle) >= wanted
        reached, below = np.where(enough, middle, reached), np.where(enough, below, middle)
    return reached


def _first_product(output: Int64, factor: Int64) -> Int64:
    """The least t with t * factor >> SHIFT at least `output`."""
    return -((-output << SHIFT) // factor)
