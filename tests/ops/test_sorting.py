# SPDX-License-Identifier: Apache-2.0
"""Networks sort whatever they are given: by the 0-1 principle, zeros and ones in every order are enough."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from edgesdk.ops.sorting import sorting_network


def descending(values: np.ndarray) -> np.ndarray:
    """[..., count] sorted by the network."""
    places = list(np.moveaxis(values, -1, 0))
    for i, j in sorting_network(len(places)):
        assert i < j
        places[i], places[j] = np.maximum(places[i], places[j]), np.minimum(places[i], places[j])
    return np.stack(places, axis=-1)


@pytest.mark.parametrize("count", range(1, 17))
def test_all_zeros_and_ones(count: int) -> None:
    values = np.array(list(product((0, 1), repeat=count)), np.int8)
    assert (descending(values) == -np.sort(-values, axis=-1)).all()


@pytest.mark.parametrize("count", [25, 36, 49, 64])
def test_random_values(count: int) -> None:
    values = np.random.default_rng(0).integers(-128, 128, (2_000, count))
    assert (descending(values) == -np.sort(-values, axis=-1)).all()


def test_fewest_exchanges() -> None:
    """Up to nine values no network has fewer (Codish and others, 2014)."""
    assert [len(sorting_network(n)) for n in range(1, 10)] == [0, 1, 3, 5, 9, 12, 16, 19, 25]


def test_no_values() -> None:
    with pytest.raises(ValueError, match="0 values"):
        sorting_network(0)
