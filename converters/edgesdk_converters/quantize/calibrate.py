# SPDX-License-Identifier: Apache-2.0
"""Calibration: the ranges of a float Graph's tensors on samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from keras import ops

from edgesdk.errors import DATA_INVALID, EdgeError
from edgesdk.model.graph import Array, Graph
from edgesdk.text import printable
from edgesdk_converters.quantize.evaluate import BATCH, evaluate
from edgesdk_converters.quantize.observers import OBSERVERS, Range
from edgesdk_converters.quantize.scales import groups, with_requantization

Progress = Callable[[str, int, int], None]


def calibrate(
    graph: Graph, samples: Sequence[Array], observer: str = "min-max", progress: Progress | None = None
) -> dict[int, Range]:
    """Tensor -> the range that its quantization covers, for one tensor of each group that shares one (scales.groups).

    Args:
        graph: simplified.
        samples: for each input [samples, *shape], float32.
        observer: one of OBSERVERS.

    Raises:
        EdgeError: DATA_INVALID where the samples cannot calibrate anything; what the operators raise.
    """
    check_samples(graph, samples)
    graph = with_requantization(graph)
    found = groups(graph)
    observers = {t: OBSERVERS[observer]() for t, group in found.of.items() if group not in found.fixed}

    def made(t: int, value: Any) -> Any:
        if t in observers:
            seen = np.asarray(ops.convert_to_numpy(value))
            if not np.isfinite(seen).all():
                raise EdgeError(DATA_INVALID, f"tensor '{printable(graph.tensors[t].name)}' is not finite on a sample")
            observers[t].see(seen)
        return value

    passes = OBSERVERS[observer]().passes
    for k in range(passes):
        for i in range(0, len(samples[0]), BATCH):
            evaluate(graph, [x[i : i + BATCH] for x in samples], made)
            if progress:
                done = k * len(samples[0]) + min(i + BATCH, len(samples[0]))
                progress("calibrate", done, passes * len(samples[0]))
        for each in observers.values():
            if k + 1 < passes:
                each.next_pass()
    ranges: dict[int, Range] = {}
    for t, each in observers.items():
        low, high = each.range()
        old = ranges.get(found.of[t], (low, high))
        ranges[found.of[t]] = min(low, old[0]), max(high, old[1])
    return ranges


def check_samples(graph: Graph, samples: Sequence[Array]) -> None:
    """Raises DATA_INVALID unless there are samples, in the inputs' shapes, finite, and not all the same."""
    if len(samples) != len(graph.inputs):
        raise EdgeError(DATA_INVALID, f"there are samples for {len(samples)} inputs of {len(graph.inputs)}")
    for t, x in zip(graph.inputs, samples, strict=True):
        tensor, name = graph.tensors[t], printable(graph.tensors[t].name)
        if x.shape[1:] != tensor.shape:
            raise EdgeError(
                DATA_INVALID, f"samples of input '{name}' have the shape {list(x.shape[1:])}, not {list(tensor.shape)}"
            )
        if len(x) == 0 or len(x) != len(samples[0]):
            raise EdgeError(DATA_INVALID, f"there are {len(x)} samples of input '{name}'")
        if not np.isfinite(x).all():
            raise EdgeError(DATA_INVALID, f"a sample of input '{name}' is not finite")
        if x.min() == x.max():
            raise EdgeError(
                DATA_INVALID,
                f"all samples of input '{name}' are {x.min():g} throughout",
                why="ranges observed on a constant say nothing of real data",
            )
