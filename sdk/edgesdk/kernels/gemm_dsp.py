# SPDX-License-Identifier: Apache-2.0
"""Packs weights for the matrix cores of the dsp family, as firmware/kernels/edge_gemm_s8_dsp.h lays them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import int32_array
from edgesdk.kernels.requantize import OUTPUT_SHIFTS, Fit, best_fit, reachable_sums
from edgesdk.kernels.weights import Member, folded_bias
from edgesdk.model.graph import Array
from edgesdk.ops.weights import Scales, bias_values

Words = npt.NDArray[np.uint32]
STEP = 4
"""Elements that a step of the cores takes."""


@dataclass(frozen=True)
class Channels:
    """The channels of a layer, ready to be packed in pairs.

    Args:
        weights: int64 [channels, elements], the elements as the gatherer orders and pads them; 0 in constant channels.
        bias: int32 [channels], the zero point folded in.
        scaled: uint32 [channels], 256 * bias + the fit's offset.
        scales: of the channels, or one for all.
    """

    weights: npt.NDArray[np.int64]
    bias: npt.NDArray[np.int32]
    scaled: Words
    fit: Fit
    scales: Scales

    @property
    def epilogue(self) -> int:
        """Which of the cores' requantizations serves the fit."""
        return 2 * self.fit.signed + OUTPUT_SHIFTS.index(self.fit.output_shift)

    def is_fast(self, lower: int) -> bool:
        """Whether the pair that begins with this channel has its proof, and words that hold it."""
        pair = slice(lower, lower + 2)
        halves = 256 * self.weights[lower + 1] + self.weights[lower]
        return bool(self.fit.proved[pair].all()) and bool((halves >= -(1 << 15)).all())

    def pair_words(self, lower: int) -> Words:
        """[elements / 2]: the weights of two channels."""
        halves = ((256 * self.weights[lower + 1] + self.weights[lower]) & 0xFFFF).reshape(-1, STEP)
        words: Words = (halves[:, :2] | halves[:, 2:] << 16).astype(np.uint32).reshape(-1)
        return words

    def pair_constants(self, lower: int) -> list[int]:
        """What follows the weights of a pair."""
        fit, upper = self.fit, lower + 1
        m, step = fit.multiplier.tolist(), fit.step.tolist()
        last = int(self.scaled[lower])
        if fit.signed:
            return [m[upper], -step[upper], fit.base, m[lower], -step[lower], last]
        return [m[upper], m[lower], last]


def prepare_channels(weights: Array, elements: Array, bias: Array | None, zero_point: int, scales: Scales) -> Channels:
    """Proves what can be proved.

    Args:
        weights: int8 [channels, taps].
        elements: int8 [channels, elements], the same as the gatherer orders and pads them.
        zero_point: the input's.
    """
    sums = reachable_sums(weights, bias_values(bias, len(weights)), zero_point)
    fit = best_fit(scales, sums)
    live = np.where(fit.constant, 0, 1)[:, None]
    folded = folded_bias(bias, weights, zero_point)
    scaled = np.where(fit.constant, 0, 256 * folded.astype(np.int64)) + fit.offset
    return Channels(
        weights=elements.astype(np.int64) * live,
        bias=folded,
        scaled=int32_array(scaled).view(np.uint32),
        fit=fit,
        scales=scales,
    )


def gemm_members(channels: Channels, original: Array) -> dict[str, Member]:
    """The members of edge_gemm_s8_dsp.

    Args:
        original: as `elements` of `prepare_channels`: exact channels are not constant ones.
    """
    stream: list[Words] = []
    exact: list[tuple[int, int, int]] = []
    runs: list[tuple[int, int, int]] = []
    multiplier, right = channels.scales.multiplier, -channels.scales.shift.astype(np.int64)
    whole = Channels(original.astype(np.int64), channels.bias, channels.scaled, channels.fit, channels.scales)
    for first, pairs in _runs(len(channels.weights)):
        lowers = range(first, first + 2 * pairs, 2)
        for fast, group in groupby(lowers, channels.is_fast):
            members = list(group)
            runs.append((members[0], len(members), not fast))
            for lower in members:
                source = channels if fast else whole
                stream.append(_words([int(channels.scaled[lower + 1])]))
                stream.append(source.pair_words(lower))
                stream.append(_words(channels.pair_constants(lower)))
                if not fast:
                    for c in (lower, lower + 1):
                        i = c if len(multiplier) > 1 else 0
                        exact.append((int(channels.bias[c]), int(multiplier[i]), int(right[i])))
    scales = channels.scales
    return {
        "stream": np.concatenate(stream),
        "runs": np.array(runs, np.uint16).reshape(-1),
        "exact": np.array(exact, np.int32).reshape(-1) if exact else None,
        "run_count": len(runs),
        "steps": channels.weights.shape[1] // STEP,
        "channels": len(channels.weights),
        "epilogue": channels.epilogue,
        "zero_point": scales.zero_point,
        "low": scales.low,
        "high": scales.high,
        "narrow": int(scales.low > -128 or scales.high < 127),
    }


def quad_stream(channels: Channels) -> Words:
    """The stream of the quad cores: channels in fours, the last four once more where some are left over."""
    count = len(channels.weights)
    starts = [*range(0, count - 3, 4), *([count - 4] if count % 4 else [])]
    stream: list[Words] = []
    for c in starts:
        stream.append(_words([int(channels.scaled[c + 1]), int(channels.scaled[c + 3])]))
        two = [channels.pair_words(c).reshape(-1, 2), channels.pair_words(c + 2).reshape(-1, 2)]
        stream.append(np.stack(two, axis=2).reshape(-1))
        stream.append(_words([*channels.pair_constants(c), *channels.pair_constants(c + 2)]))
    return np.concatenate(stream)


def _runs(channels: int) -> Iterator[tuple[int, int]]:
    """(first channel, pairs); an odd last channel comes with the one before it, once more."""
    yield 0, channels // 2
    if channels % 2:
        yield channels - 2, 1


def _words(values: list[int]) -> Words:
    return int32_array(values).view(np.uint32)
