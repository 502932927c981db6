# SPDX-License-Identifier: Apache-2.0
"""Rectangles of a map: where a range of a tensor's axes begins as (row, column, channel)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from edgesdk.model.graph import Shape


def corner(whole: Shape, axis: int, start: int) -> tuple[int, int, int] | None:
    """The part of a map (at least three axes) that begins at index `start` of one axis and has all of the others.

    None where its rows are not neighbours: an axis before a row axis repeats them.
    """
    if axis == len(whole) - 1:
        return 0, 0, start
    if axis == len(whole) - 2:
        return 0, start, 0
    return None if math.prod(whole[:axis]) > 1 else (start * math.prod(whole[axis + 1 : -2]), 0, 0)


def box(whole: Shape, spans: Sequence[tuple[int, int]]) -> tuple[int, int, int] | None:
    """The part of a map with these (first index, length) of every axis; None where its rows are not neighbours."""
    rows = len(whole) - 2
    cut = next((k for k in range(rows) if spans[k] != (0, whole[k])), rows)
    if math.prod(whole[:cut]) > 1 and cut < rows:
        return None
    first = 0
    for k in range(cut, rows):
        if k > cut and spans[k] != (0, whole[k]) and any(n > 1 for _, n in spans[cut:k]):
            return None
        first += spans[k][0] * math.prod(whole[k + 1 : rows])
    return first, spans[-2][0], spans[-1][0]
