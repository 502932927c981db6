# SPDX-License-Identifier: Apache-2.0
"""Packs weights for the matrix cores of the dsp family, as firmware/kernels/edge_gemm_s8_dsp.h lays them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Member, Symbol, int32_array
from edgesdk.kernels.requantize import Fit, Sums, best_fit, reachable_sums
from edgesdk.kernels.weights import folded_bias
from edgesdk.model.graph import Array
from edgesdk.ops.weights import Scales, bias_values

Words = npt.NDArray[np.uint32]
STEP = 4
"""Elements that a step of the cores takes."""
FITTED, EXACT, SLOW = range(3)
"""edge_gemm_run of edge_gemm_s8_dsp.h."""
_LEAST_RIGHT, _MOST_RIGHT = 2, 22  # of the exact epilogue
_MOST_SUM = 1 << 23  # 256 times it fits a word


@dataclass(frozen=True)
class Channels:
    """The channels of a layer, ready to be packed in pairs.

    Args:
        weights: int64 [channels, elements], the elements as the gatherer orders and pads them; 0 in constant channels.
        original: the same with the weights of constant channels.
        bias: int32 [channels], the zero point folded in.
        sums: that the channels can reach.
        scaled: uint32 [channels], 256 * bias + the fit's offset.
        scales: of the channels, or one for all.
    """

    weights: npt.NDArray[np.int64]
    original: npt.NDArray[np.int64]
    bias: npt.NDArray[np.int32]
    scaled: Words
    fit: Fit
    sums: Sums
    scales: Scales

    @property
    def epilogue(self) -> str:
        """Which of the cores' requantizations serves the fit."""
        return f"{'signed' if self.fit.signed else 'plain'}_{self.fit.output_shift}_s8_dsp"

    def run_of(self, lower: int) -> int:
        """The fastest run that may hold the pair that begins with this channel."""
        if self.is_fast(lower):
            return FITTED
        right = [-int(self.scales.shift[self._scale(c)]) for c in (lower, lower + 1)]
        upper = slice(lower + 1, lower + 2)
        held = self.sums.least[upper] >= -_MOST_SUM and self.sums.most[upper] < _MOST_SUM
        halves = 256 * self.original[lower + 1] + self.original[lower]
        exact = held and min(right) >= _LEAST_RIGHT and max(right) <= _MOST_RIGHT and (halves >= -(1 << 15)).all()
        return EXACT if exact else SLOW

    def is_fast(self, lower: int) -> bool:
        """Whether the pair that begins with this channel has its proof, and words that hold it."""
        pair = slice(lower, lower + 2)
        halves = 256 * self.weights[lower + 1] + self.weights[lower]
        return bool(self.fit.proved[pair].all()) and bool((halves >= -(1 << 15)).all())

    def pair_words(self, lower: int, *, exact: bool = False) -> Words:
        """[elements / 2]: the weights of two channels."""
        weights = self.original if exact else self.weights
        halves = ((256 * weights[lower + 1] + weights[lower]) & 0xFFFF).reshape(-1, STEP)
        words: Words = (halves[:, :2] | halves[:, 2:] << 16).astype(np.uint32).reshape(-1)
        return words

    def pair_constants(self, lower: int) -> list[int]:
        """What follows the weights of a pair with a proof."""
        fit, upper = self.fit, lower + 1
        m, step = fit.multiplier.tolist(), fit.step.tolist()
        last = int(self.scaled[lower])
        if fit.signed:
            return [m[upper], -step[upper], fit.base, m[lower], -step[lower], last]
        return [m[upper], m[lower], last]

    def pair_stream(self, lower: int) -> list[Words]:
        """A pair of channels as the cores read it."""
        run, upper = self.run_of(lower), lower + 1
        if run == EXACT:
            last = [*self._roundings(upper), *self._roundings(lower), int(self.bias[lower])]
            return [_words([256 * int(self.bias[upper])]), self.pair_words(lower, exact=True), _words(last)]
        if run == SLOW:
            last = [n for c in (lower, upper) for n in (int(self.bias[c]), *self._multiplier(c))]
            return [_words([0]), self.pair_words(lower, exact=True), _words(last)]
        return [_words([int(self.scaled[upper])]), self.pair_words(lower), _words(self.pair_constants(lower))]

    def _scale(self, channel: int) -> int:
        return channel if len(self.scales.multiplier) > 1 else 0

    def _multiplier(self, channel: int) -> tuple[int, int]:
        """Multiplier and right shift."""
        i = self._scale(channel)
        return int(self.scales.multiplier[i]), -int(self.scales.shift[i])

    def _roundings(self, channel: int) -> tuple[int, int, int]:
        """Multiplier, second rounding with the zero point, and shift of the word that both leave."""
        multiplier, right = self._multiplier(channel)
        return multiplier, (1 << (right - 2)) + (self.scales.zero_point << (right - 1)), right - 1


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
        original=elements.astype(np.int64),
        bias=folded,
        scaled=int32_array(scaled).view(np.uint32),
        fit=fit,
        sums=sums,
        scales=scales,
    )


def gemm_members(channels: Channels, pixels: str = "edge_gemm_s8_dsp_pixels") -> dict[str, Member]:
    """The members of edge_gemm_s8_dsp.

    Args:
        pixels: the function that does what is not one run of a core.
    """
    members = runs_members(channels, pixels)
    alone = members["run_count"] == 1 and not members["exact"] and not members["slow"] and not members["narrow"]
    return {**members, "runs": None, "pixels": None} if alone else members


def runs_members(channels: Channels, pixels: str) -> dict[str, Member]:
    """The members of edge_gemm_s8_dsp, whatever the runs.

    Args:
        pixels: the function that does them.
    """
    stream: list[Words] = []
    runs: list[tuple[int, int, int]] = []
    for first, pairs in _runs(len(channels.weights)):
        lowers = range(first, first + 2 * pairs, 2)
        for run, group in groupby(lowers, channels.run_of):
            members = list(group)
            runs.append((members[0], len(members), run))
            stream += [words for lower in members for words in channels.pair_stream(lower)]
    scales = channels.scales
    return {
        "stream": np.concatenate(stream),
        "runs": np.array(runs, np.uint16).reshape(-1),
        "pixels": Symbol(pixels),
        "fitted": Symbol(f"&edge_gemm_{channels.epilogue}"),
        "exact": Symbol("&edge_gemm_exact_s8_dsp") if any(run[2] == EXACT for run in runs) else None,
        "slow": Symbol("edge_gemm_slow_s8_dsp") if any(run[2] == SLOW for run in runs) else None,
        "run_count": len(runs),
        "steps": channels.weights.shape[1] // STEP,
        "channels": len(channels.weights),
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
