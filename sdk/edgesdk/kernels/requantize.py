# SPDX-License-Identifier: Apache-2.0
"""Requantization by one multiplication, proved per channel.

TFLite rounds twice: round_away(round_up(sum * multiplier / 2^31) / 2^right) + zero point, limited to int8. A core with
DSP does it in three instructions at most, fewer than the roundings take:

    y = saturate8(high_word((256 * sum + offset) * multiplier') >> output_shift)

Matrix cores have 256 * sum for nothing: from the upper of two channels that share a word, or from weights times 256.
`offset` may join the bias; it holds both roundings and the zero point. Negative values round differently, which the
signed form, for outputs that are not cut off at the zero point, mends with two more:

    t = 256 * sum + offset
    y = saturate8((high_word(t * multiplier') + base - (t < 0 ? step : 0)) >> output_shift)

All are monotone in the sum, so they are equal on an interval of sums if they are on either side of each of
the 255 sums at which TFLite's output changes. Those have a closed form, and what they ask of `offset` is an interval:
a channel is proved where that interval is not empty. The sums that a channel can reach follow from its weights, its
bias and the 256 values of an input, never from data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesdk.model.graph import Array
from edgesdk.ops.weights import Scales

Int64 = npt.NDArray[np.int64]

OUTPUT_SHIFTS = (9, 13)
"""Shifts that the cores are compiled for. One of 7 + right keeps the whole multiplier; beyond, it does not fit."""
_MOST_RIGHT = 22  # keeps the closed form in 64 bits
_STEPS = np.arange(-127, 128, dtype=np.int64)
_FEW = np.arange(0, 255, 18)  # of them, tried first, with those on which the last multipliers failed
# (multiplier, step) tried, as differences from the rounded ones
_PLAIN = [(m, 0) for m in sorted(range(-24, 25), key=abs)]
_SIGNED = _PLAIN + [(m, s) for s in (-1, 1) for m in sorted(range(-8, 9), key=abs)]


@dataclass(frozen=True)
class Sums:
    """The least and the greatest sum of each channel, bias included; int64 [channels]."""

    least: Int64
    most: Int64


@dataclass(frozen=True)
class Fit:
    """Constants of the one multiplication, per channel; meaningless where not `proved`.

    Args:
        output_shift, signed: of all channels; `signed`: the longer form.
        multiplier, offset: int32 [channels]. 256 * sum + offset stays in int32 for every sum in range.
        step: int32 [channels], of the signed form.
        base: of the signed form: half a step above the zero point.
        constant: bool [channels]; the channel has only one output: it is proved with 0 for its sum.
        proved: bool [channels].
    """

    output_shift: int
    signed: bool
    multiplier: npt.NDArray[np.int32]
    offset: npt.NDArray[np.int32]
    step: npt.NDArray[np.int32]
    base: int
    constant: npt.NDArray[np.bool_]
    proved: npt.NDArray[np.bool_]


def reachable_sums(weights: Array, bias: Array, zero_point: int) -> Sums:
    """Bounds of bias + sum((x - zero_point) * w) over all int8 inputs x; padding is among them.

    Args:
        weights: int8 [channels, taps].
        bias: [channels], without the zero point's share.
    """
    wide = weights.astype(np.int64)
    a, b = wide * (-128 - zero_point), wide * (127 - zero_point)
    given = bias.astype(np.int64)
    return Sums(given + np.minimum(a, b).sum(axis=1), given + np.maximum(a, b).sum(axis=1))


def best_fit(scales: Scales, sums: Sums) -> Fit:
    """The fit that proves most channels: the shorter form if it can, the largest output shift if several do."""
    best: Fit | None = None
    for signed in (False, True):
        for shift in sorted(OUTPUT_SHIFTS, reverse=True):
            fit = fit_requantization(scales, sums, shift, signed=signed)
            if best is None or fit.proved.sum() > best.proved.sum():
                best = fit
            if best.proved.all():
                return best
    assert best is not None
    return best


def fit_requantization(scales: Scales, sums: Sums, output_shift: int, *, signed: bool) -> Fit:
    """Finds and proves the constants for each channel.

    The fused activation is not part of it: where it excludes int8 values, the outputs are still to be limited.

    Args:
        scales: of the channels, or one for all.
        sums: what each channel can reach.
    """
    channels = len(sums.least)
    multiplier = np.broadcast_to(scales.multiplier.astype(np.int64), channels)
    right = np.broadcast_to(-scales.shift.astype(np.int64), channels)
    in_int32 = (sums.least >= -(1 << 31)) & (sums.most < 1 << 31)
    closed = in_int32 & (right >= 0) & (right <= _MOST_RIGHT) & (multiplier >= 1 << 30)
    same = in_int32 & (right >= 0) & (_outputs(scales, sums.least) == _outputs(scales, sums.most))
    least, most = (np.where(closed, s, 0)[:, None] for s in (sums.least, sums.most))
    first = _first_sums(np.where(closed, multiplier, 1 << 30), np.where(closed, right, 0), scales.zero_point)
    lost = right + 7 - output_shift  # bits of the multiplier
    halved = np.clip(lost, 0, 31)
    near = (multiplier + ((1 << halved) >> 1)) >> halved
    base = (2 * scales.zero_point + 1) << (output_shift - 1) if signed else 0
    step = (1 << np.clip(output_shift - right, 0, 31)) * signed
    range_of_offset = (0, 255) if signed else (-(1 << 31), (1 << 31) - 1)  # signed: t < 0 where the sum is

    # Over the range of the output a multiplier's neighbour moves sums by 2^(2 right - 9 - output_shift) 256ths.
    apart = np.int64(1) << np.clip(output_shift + 4 - 2 * right, 0, 20)

    found = np.zeros(channels, np.bool_)
    chosen, offset = np.ones(channels, np.int64), np.zeros(channels, np.int64)
    taken = step.copy()
    least_offset = np.maximum(range_of_offset[0], -(1 << 31) - 256 * sums.least)  # that keeps every sum in int32
    reachable = least_offset <= np.minimum(range_of_offset[1], (1 << 31) - 1 - 256 * sums.most)
    open_ones = np.flatnonzero(closed & (lost >= 0) & reachable)
    few = np.tile(np.append(_FEW, [0, 0, 0, 0]), (channels, 1))
    for change, longer in _SIGNED if signed else _PLAIN:
        if not open_ones.size:
            break
        i = open_ones
        for some in (True, False):
            tried = np.clip(near[i] + change * apart[i], 1, (1 << 31) - 1)
            stepped = np.maximum(step[i] + longer, 0)
            k = few[i] if some else np.broadcast_to(np.arange(len(_STEPS)), (len(i), len(_STEPS)))
            sums_at = first[i[:, None], k] if some else first[i]
            lows, highs = _offsets(_STEPS[k], sums_at, least[i], most[i], tried, stepped, base, output_shift)
            low, high = np.maximum(lows.max(1), range_of_offset[0]), np.minimum(highs.min(1), range_of_offset[1])
            holds = low <= high
            if not some:
                at = -4 if change < 0 else -2
                few[i[~holds], at], few[i[~holds], at + 1] = lows[~holds].argmax(1), highs[~holds].argmin(1)
            i, tried, stepped, low, high = (of[holds] for of in (i, tried, stepped, low, high))
            if not i.size:
                break
        middle = (low + high) >> 1
        inside = (256 * sums.least[i] + middle >= -(1 << 31)) & (256 * sums.most[i] + middle < 1 << 31)
        fits = i[inside]
        found[fits], chosen[fits], offset[fits], taken[fits] = True, tried[inside], middle[inside], stepped[inside]
        open_ones = open_ones[~found[open_ones]]
    only = _outputs(scales, sums.least).astype(np.int64)
    half_above = (2 * (only - (scales.zero_point if signed else 0)) + 1 - signed) << 20
    # with this multiplier a step of the output is 2^21; the signed form's base is half a step already
    chosen[same], offset[same], taken[same] = 1 << (11 + output_shift), half_above[same], 0
    return Fit(
        output_shift,
        signed,
        chosen.astype(np.int32),
        offset.astype(np.int32),
        taken.astype(np.int32),
        base,
        same,
        found | same,
    )


def _offsets(
    steps: Int64,
    first: Int64,
    least: Int64,
    most: Int64,
    multiplier: Int64,
    step: Int64,
    base: int,
    output_shift: int,
) -> tuple[Int64, Int64]:
    """For each of these steps of the output, the offsets, from and to, that keep every sum on its side of it."""

    def needed(sums: Int64) -> Int64:
        """y >= k where 256 * sum + offset is at least this; for the k of the row."""
        high = (steps << output_shift) - base + np.where(sums < 0, step[:, None], 0)
        # |high << 32| < 2^53: a quotient is an integer or 1 / multiplier away from one, farther than it is rounded
        least: Int64 = -np.floor(-(high << 32) / multiplier[:, None]).astype(np.int64) - 256 * sums
        return least

    low = np.where(first <= most, needed(np.maximum(first, least)), -(1 << 40))
    high = np.where(first > least, needed(np.minimum(first - 1, most)) - 1, 1 << 40)
    return low, high


def requantized(fit: Fit, sums: Int64) -> Array:
    """What the firmware makes of sums [..., channels] by a fit: int8."""
    scaled = np.where(fit.constant, 0, 256 * sums) + fit.offset
    high = (scaled * fit.multiplier.astype(np.int64)) >> 32
    high = high + fit.base - np.where(scaled < 0, fit.step, 0)
    outputs: Array = np.clip(high >> fit.output_shift, -128, 127).astype(np.int8)
    return outputs


def _outputs(scales: Scales, sums: Int64) -> Array:
    """TFLite's outputs of one sum per channel, before the fused activation."""
    return Scales(scales.multiplier, scales.shift, scales.zero_point, -128, 127).requantize(sums)


def _first_sums(multiplier: Int64, right: Int64, zero_point: int) -> Int64:
    """The least sum whose output is at least k, for k in -127..127: [channels, 255].

    With j = k - zero point: round_away(h / 2^right) >= j where h >= j * 2^right - 2^(right - 1), plus one if j <= 0,
    as ties of negative values round down; and h = floor((sum * multiplier + 2^30) / 2^31).
    """
    j = _STEPS - zero_point
    half = ((1 << right) >> 1)[:, None]
    h = (j << right[:, None]) - half + ((j <= 0) & (half > 0))
    return -(((1 << 30) - (h << 31)) // multiplier[:, None])
