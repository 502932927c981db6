# SPDX-License-Identifier: Apache-2.0
"""Random edgesdk.OrdinalPool nodes of both types of weights."""

from __future__ import annotations

import numpy as np

from edgesdk.model.graph import DType, Graph
from edgesdk.model.tflite.ordinal_pool import OrdinalPoolOptions
from movement_graphs import completed
from single_node import tensor

Rng = np.random.Generator


def random_shares(rng: Rng, channels: int, ranks: int) -> np.ndarray:
    """[channels, ranks], 256 in every row; some rows are all of one rank."""
    rows = [rng.multinomial(256, rng.dirichlet(np.full(ranks, rng.choice([0.05, 1.0])))) for _ in range(channels)]
    return np.array(rows, np.int16)


def random_ordinal_pool(rng: Rng, *, shares: bool | None = None) -> Graph:
    """Windows of 1 to 25 elements, strides below and above them, weights at their extremes among others."""
    filter_h, filter_w = (int(n) for n in rng.choice([1, 2, 2, 3, 3, 4, 5], 2))
    channels = int(rng.integers(1, 14))
    shape = (int(rng.choice([1, 1, 2])), *(int(n + rng.integers(0, 8)) for n in (filter_h, filter_w)), channels)
    zero_point = int(rng.choice([-128, 127, 0, rng.integers(-128, 128)]))
    source = tensor(shape, scale=0.05, zero_point=zero_point)
    ranks = filter_h * filter_w
    if rng.random() < 0.5 if shares is None else shares:
        weights = tensor((channels, ranks), scale=1 / 256, dtype=DType.INT16, data=random_shares(rng, channels, ranks))
        target = tensor((1,), scale=0.05, zero_point=zero_point)
    else:
        data = rng.choice([-128, 127], (channels, ranks)) if rng.random() < 0.3 else None
        data = rng.integers(-128, 128, (channels, ranks)) if data is None else data
        scales = [float(s) for s in np.exp(rng.uniform(np.log(0.001), np.log(0.02), channels))]
        weights = tensor((channels, ranks), scale=scales if rng.random() < 0.7 else 0.005, data=data)
        target = tensor((1,), scale=float(rng.uniform(0.005, 0.2)), zero_point=int(rng.integers(-128, 128)))
    strides = [int(n) for n in rng.integers(1, 5, 2)]
    options = OrdinalPoolOptions(str(rng.choice(["SAME", "VALID"])), *strides, filter_h, filter_w)
    return completed("edgesdk.OrdinalPool", [source, weights], options, target)
