# SPDX-License-Identifier: Apache-2.0
"""Bucket elimination beside brute force over all values."""

from __future__ import annotations

from functools import reduce
from random import Random

import numpy as np
import pytest

from edgesdk.plan import eliminate
from edgesdk.plan.eliminate import Elimination, Table

LENGTHS = {-1: 3, 0: 4, 1: 2, 2: 5, 3: 3, 4: 4}


def random_tables(random: Random) -> list[Table]:
    values = np.random.default_rng(random.getrandbits(32))
    scopes = [tuple(sorted(random.sample(sorted(LENGTHS), random.randint(0, 3)))) for _ in range(random.randint(1, 9))]
    return [Table(of, values.integers(0, 50, tuple(LENGTHS[v] for v in of))) for of in scopes]


def brute_force(tables: list[Table], kept: int) -> list[int]:
    of = sorted(LENGTHS)
    total = reduce(np.add, (table.over(of) for table in tables), np.zeros([LENGTHS[v] for v in of], np.int64))
    return list(total.min(axis=tuple(k for k, v in enumerate(of) if v != kept)))


@pytest.mark.parametrize("largest", [1 << 22, 1, 12])
def test_the_least_of_a_sum(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eliminate, "LARGEST", largest)
    random = Random(largest)
    below = 0
    for _ in range(100):
        tables = random_tables(random)
        elimination = Elimination(LENGTHS)
        for kept in LENGTHS:
            found, least = list(elimination.least(tables, kept)), brute_force(tables, kept)
            assert all(a <= b for a, b in zip(found, least, strict=True))
            below += found != least
    assert (below > 0) == (largest < 1 << 22)  # tables that are too large only lower it
