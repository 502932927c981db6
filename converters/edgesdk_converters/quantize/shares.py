# SPDX-License-Identifier: Apache-2.0
"""Weights of ordinal pooling that are not negative and sum to one in every row."""

from __future__ import annotations

import numpy as np

from edgesdk.model.graph import Array
from edgesdk.ops.ordinal_pool import ONE

_TOLERANCE = 1e-4


def is_shares(weights: Array | None) -> bool:
    """Whether rows of weights, float [channels, ranks], are shares."""
    return weights is not None and bool((weights >= 0).all() and (abs(weights.sum(axis=1) - 1) < _TOLERANCE).all())


def integer_shares(weights: Array) -> Array:
    """Shares in units of 1/256, int16, whose rows sum to 256: rounded down, then the largest remainders one up."""
    exact = weights.astype(np.float64) / weights.sum(axis=1, keepdims=True) * ONE
    down = np.floor(exact).astype(np.int64)
    order = np.argsort(np.argsort(down - exact, axis=1, kind="stable"), axis=1, kind="stable")
    return (down + (order < (ONE - down.sum(axis=1))[:, None])).astype(np.int16)
