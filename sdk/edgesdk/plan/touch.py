# SPDX-License-Identifier: Apache-2.0
"""Which call of a work is the first or the last to touch a row, as arrays: found once, looked up in every segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Overlap
from edgesdk.model.plan import Turn
from edgesdk.plan.place import ALIGNMENT
from edgesdk.plan.schedule import Flow
from edgesdk.plan.storage import Storage
from edgesdk.plan.work import Port

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Giver:
    """An input whose rows outputs may lie over where they die.

    Args:
        rows: row numbers (see `offsets`), those that an operator row reads last in the call that touches them last.
        last: that call, by row; calls count within the work.
        within: by row: `last`, or the operator row where outputs may only lie over what it reads last.
        by_row: which of the two.
        lag, step: as in Overlap, in multiples of the alignment.
        size: bytes of a row.
    """

    rows: Ints
    last: Ints
    within: Ints
    by_row: bool
    lag: int
    step: int
    size: int


@dataclass(frozen=True)
class Touched:
    """What the calls of one work at one band touch.

    Args:
        rows, last: every row touched, and the last call that does.
        made, first: every row written, and the first call that does.
        givers: see there.
        takers: what may lie over them: position in `made`, call, operator row and bytes; one for every operator row
            that writes the row in its first call.
    """

    rows: Ints
    last: Ints
    made: Ints
    first: Ints
    givers: tuple[Giver, ...]
    takers: tuple[Ints, Ints, Ints, Ints]

    def saved(self, calls: Ints, born: Ints, dies: Ints) -> Ints | None:
        """By call of the work: the most bytes that outputs can share with dying inputs; None where none can.

        Args:
            calls: where the work's calls stand in the list of all.
            born, dies: by row number: where in that list.
        """
        position, call, row, size = self.takers
        most = None
        for giver in self.givers:
            dying = dies[giver.rows] == calls[giver.last]
            if not dying.any():
                continue
            at = row if giver.by_row else call
            count = np.bincount(giver.within[dying], minlength=int(at.max(initial=0)) + 1)
            found = np.maximum(np.minimum(size - giver.lag, giver.size * count[at]), 0)
            most = found if most is None else most + found
        if most is None:
            return None
        new = born[self.made] == calls[self.first]
        together = np.zeros(len(self.made), np.int64)
        np.add.at(together, position, most)
        whole = np.zeros(len(self.made), np.int64)
        whole[position] = size
        shared = np.where(new, np.minimum(together, whole), 0)
        found = np.zeros(len(calls), np.int64)
        np.add.at(found, self.first, shared)
        return found


def offsets(stores: Mapping[int, Storage]) -> dict[int, int]:
    """Storage -> number of its first row, the rows of all storages being counted through."""
    found, rows = {}, 0
    for t, storage in stores.items():
        found[t] = rows
        rows += storage.rows
    return found


def rounded(overlap: Overlap) -> tuple[int, int]:
    """The least distance of rows at aligned addresses, and the step from there on (1: any distance)."""
    step = lcm(overlap.step, ALIGNMENT)
    return max(0, -(-overlap.lag // step) * step), 1 if overlap.step == 1 else step


def givers_of(flow: Flow, i: int) -> list[tuple[Port, int, int]]:
    """The inputs of a work whose rows outputs may lie over, with least distance and step."""
    return [
        (port, *rounded(port.overlap))
        for port in flow.works[i].inputs
        if port.overlap is not None and not flow.stores[port.storage].history
    ]


def touched(flow: Flow, i: int, band: int, offset: Mapping[int, int]) -> Touched:
    """What work i touches at this band."""
    work = flow.works[i]
    turns = [turn for turn, _ in flow.steps(i, band)]
    last: dict[int, int] = {}
    first: dict[int, int] = {}
    for port in (*work.inputs, *work.outputs):
        for k, turn in enumerate(turns):
            for r in range(*port.span(turn.row, turn.rows)):
                n = offset[port.storage] + r
                last[n] = max(last.get(n, 0), k)
    for port in work.outputs:
        for k, turn in enumerate(turns):
            for r in range(*port.span(turn.row, turn.rows)):
                n = offset[port.storage] + r
                first[n] = min(first.get(n, k), k)
    places = {n: p for p, n in enumerate(first)}
    takers = [
        (places[offset[port.storage] + r], k, y, flow.stores[port.storage].slot_bytes)
        for port in work.outputs
        if not flow.stores[port.storage].history
        for k, turn in enumerate(turns)
        for y in range(turn.row, turn.row + turn.rows)
        for r in range(port.low[y], port.high[y])
        if first[offset[port.storage] + r] == k
    ]
    givers = [_giver(flow, port, lag, step, turns, offset[port.storage]) for port, lag, step in givers_of(flow, i)]
    position, call, row, size = (_ints(column) for column in zip(*takers, strict=True)) if takers else [_ints([])] * 4
    return Touched(
        _ints(last),
        _ints(last.values()),
        _ints(first),
        _ints(first.values()),
        tuple(givers) if takers else (),
        (position, call, row, size),
    )


def _giver(flow: Flow, port: Port, lag: int, step: int, turns: Sequence[Turn], offset: int) -> Giver:
    assert port.overlap is not None
    last: dict[int, int] = {}
    reader: dict[int, int] = {}
    for k, turn in enumerate(turns):
        for r in range(*port.span(turn.row, turn.rows)):
            last[r] = k
        for y in range(turn.row, turn.row + turn.rows):
            reader |= dict.fromkeys(range(port.low[y], port.high[y]), y)
    by_row = not port.overlap.any_row
    rows = [r for r, k in last.items() if not by_row or turns[k].row <= reader.get(r, -1)]
    return Giver(
        _ints(offset + r for r in rows),
        _ints(last[r] for r in rows),
        _ints((reader if by_row else last)[r] for r in rows),
        by_row,
        lag,
        step,
        flow.stores[port.storage].slot_bytes,
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)
