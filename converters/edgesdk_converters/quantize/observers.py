# SPDX-License-Identifier: Apache-2.0
"""Observers: from the values that a tensor takes on, the range that its 256 steps cover."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from edgesdk.model.graph import Array

Range = tuple[float, float]

BINS = 2048
MOMENTUM = 0.9
KEPT = 99.99
STEPS = 255


class Observer(ABC):
    """Sees the values of one tensor, batch by batch, in one pass over the samples or in two."""

    passes = 1

    @abstractmethod
    def see(self, values: Array) -> None:
        """One batch."""

    def next_pass(self) -> None:  # noqa: B027 - most have one
        """All samples were seen, and come once more."""

    @abstractmethod
    def range(self) -> Range:
        """The least and the greatest value to represent."""


class MinMax(Observer):
    """The least and the greatest value of all."""

    def __init__(self) -> None:
        self._range: Range | None = None

    def see(self, values: Array) -> None:
        low, high = float(values.min()), float(values.max())
        self._range = (low, high) if self._range is None else (min(low, self._range[0]), max(high, self._range[1]))

    def range(self) -> Range:
        assert self._range is not None
        return self._range


class MovingAverage(Observer):
    """The batches' least and greatest values, each averaged with a memory of ten batches (Jacob et al. 2018)."""

    def __init__(self) -> None:
        self._range: Range | None = None

    def see(self, values: Array) -> None:
        seen = float(values.min()), float(values.max())
        old = seen if self._range is None else self._range
        self._range = tuple(MOMENTUM * a + (1 - MOMENTUM) * b for a, b in zip(old, seen, strict=True))  # type: ignore[assignment]

    def range(self) -> Range:
        assert self._range is not None
        return self._range


class _Histogram(Observer):
    """First the extremes, then how the values lie between them."""

    passes = 2

    def __init__(self) -> None:
        self._extremes = MinMax()
        self._counts: Array | None = None

    def see(self, values: Array) -> None:
        if self._counts is None:
            self._extremes.see(values)
        else:
            self._counts += np.histogram(values, BINS, self._bounds())[0]

    def next_pass(self) -> None:
        self._counts = np.zeros(BINS, np.int64)

    def range(self) -> Range:
        assert self._counts is not None
        low, high = self._bounds()
        return self.choose(self._counts, np.linspace(low, high, BINS + 1))

    def _bounds(self) -> Range:
        low, high = self._extremes.range()
        return (low, high) if high > low else (low, low + 1e-6)

    @abstractmethod
    def choose(self, counts: Array, edges: Array) -> Range:
        """The range, from how many values lie in each bin."""


class Percentile(_Histogram):
    """What is left without the outermost 0.01 percent of the values, half of them at either end."""

    def choose(self, counts: Array, edges: Array) -> Range:
        share = np.cumsum(counts) / counts.sum()
        cut = (1 - KEPT / 100) / 2
        first, last = int(np.searchsorted(share, cut, "right")), int(np.searchsorted(share, 1 - cut, "left"))
        return float(edges[first]), float(edges[min(last, BINS - 1) + 1])


class MeanSquaredError(_Histogram):
    """Of the extremes shrunk by 0 to 80 percent, the range whose steps and clipping cost the least squared error."""

    def choose(self, counts: Array, edges: Array) -> Range:
        middles = (edges[1:] + edges[:-1]) / 2
        ranges = [(float(edges[0] * f), float(edges[-1] * f)) for f in np.linspace(1, 0.2, 81)]

        def cost(bounds: Range) -> float:
            low, high = min(bounds[0], 0.0), max(bounds[1], 0.0)
            step = max(high - low, 1e-12) / STEPS
            outside = middles - np.clip(middles, low, high)
            return float((counts * (outside**2 + np.where(outside == 0, step**2 / 12, 0))).sum())

        return min(ranges, key=cost)


OBSERVERS: Mapping[str, Callable[[], Observer]] = MappingProxyType(
    {"min-max": MinMax, "moving-average": MovingAverage, "percentile": Percentile, "mse": MeanSquaredError}
)
"""Name, as of `edgesdk convert --observer`, -> its class."""
