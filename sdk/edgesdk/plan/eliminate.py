# SPDX-License-Identifier: Apache-2.0
"""Bucket elimination: the least of a sum of tables over all but one of their variables.

Variables are removed one by one, the one with the smallest table first. Each leaves the least over its own values as a
table over its neighbours'. Where that table would be too large, its parts are minimised apart: the sum of their least
values is below the least of their sum (mini-buckets; Dechter and Rish, Journal of the ACM 50, 2003).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import heapify, heappop, heappush
from math import prod

import numpy as np

from edgesdk.plan.touch import Ints

LARGEST = 1 << 22  # entries of one table
NEVER = 1 << 40  # where values cannot be together; the sum of many is no trouble


@dataclass(frozen=True, eq=False)
class Table:
    """Values by variables, an axis for each.

    Args:
        of: the variables, rising.
    """

    of: tuple[int, ...]
    values: Ints

    def over(self, of: Sequence[int]) -> Ints:
        """The same with an axis for each of `of`."""
        return self.values.reshape([self.values.shape[self.of.index(v)] if v in self.of else 1 for v in of])


class Elimination:
    """Sums over the same variables; what several have in common is done once.

    Args:
        lengths: variable -> how many values it has.
    """

    def __init__(self, lengths: Mapping[int, int]) -> None:
        self.lengths = lengths
        self._removed: dict[tuple[int, tuple[Table, ...]], list[Table]] = {}

    def least(self, tables: Sequence[Table], kept: int) -> Ints:
        """By value of variable `kept`: a bound below the sum of the tables, the least where no table is too large."""
        buckets: dict[int, list[Table]] = {v: [] for v in self.lengths}
        for table in tables:
            for v in table.of:
                buckets[v].append(table)
        alone = [table for table in tables if not table.of]
        sizes = {v: self._size(bucket) for v, bucket in buckets.items() if v != kept}
        smallest = [(size, v) for v, size in sizes.items()]
        heapify(smallest)
        while smallest:
            size, gone = heappop(smallest)
            if sizes.get(gone) != size:
                continue  # it has changed since, or is gone
            del sizes[gone]
            bucket = buckets[gone]
            left = self._without(gone, tuple(bucket))
            alone += [table for table in left if not table.of]
            for v in {v for table in bucket for v in table.of} - {gone}:
                rest = [table for table in buckets[v] if gone not in table.of]
                buckets[v] = rest + [table for table in left if v in table.of]
                if v != kept:
                    sizes[v] = self._size(buckets[v])
                    heappush(smallest, (sizes[v], v))
        return sum((table.values for table in (*buckets[kept], *alone)), np.zeros(self.lengths[kept], np.int64))

    def _without(self, gone: int, bucket: tuple[Table, ...]) -> list[Table]:
        if (gone, bucket) not in self._removed:
            found = []
            for part in self._parts(bucket):
                of = sorted({v for table in part for v in table.of})
                total = reduce(np.add, (table.over(of) for table in part)).min(axis=of.index(gone))
                found.append(Table(tuple(v for v in of if v != gone), np.minimum(total, NEVER)))
            self._removed[gone, bucket] = found
        return self._removed[gone, bucket]

    def _parts(self, bucket: Sequence[Table]) -> list[list[Table]]:
        """The tables in groups whose sums are not too large."""
        parts: list[list[Table]] = []
        for table in sorted(bucket, key=lambda table: -table.values.size):
            part = next((part for part in parts if self._size([*part, table]) <= LARGEST), None)
            if part is None:
                parts.append([table])
            else:
                part.append(table)
        return parts

    def _size(self, tables: Sequence[Table]) -> int:
        return prod(self.lengths[v] for v in {v for table in tables for v in table.of})
