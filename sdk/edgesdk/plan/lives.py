# SPDX-License-Identifier: Apache-2.0
"""When every row is born and dies, and the bytes that no placement of such lives can go below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from math import lcm

from edgesdk.kernels.base import Overlap
from edgesdk.model.plan import Turn
from edgesdk.plan.place import ALIGNMENT, aligned
from edgesdk.plan.schedule import Bands, Flow
from edgesdk.plan.work import Port

BEFORE = -1  # born before the first call


@dataclass(frozen=True)
class Pair:
    """An output row that may lie over an input row that dies in the call that makes it.

    Args:
        made, dying: (storage, row).
        lag, step: as in Overlap, in multiples of the alignment.
    """

    made: tuple[int, int]
    dying: tuple[int, int]
    lag: int
    step: int


@dataclass(frozen=True)
class Lives:
    """Lives over a list of calls.

    Args:
        born, dies: by storage, by row: indices of calls; both included. Rows outside these calls' business are absent.
        states: by work: first and last call, of the works that keep state.
        pairs: by call.
        live: by call: bytes that any placement needs there (rows, scratch, state, less what pairs can share).
    """

    born: dict[int, list[int | None]]
    dies: dict[int, list[int]]
    states: dict[int, tuple[int, int]]
    pairs: dict[int, list[Pair]]
    live: list[int]


class Needs:
    """What the works of a flow need at all: who reads a row last, scratch and state, bytes that cross a cut."""

    def __init__(self, flow: Flow, choices: Sequence[Mapping[int, tuple[int, ...]]], state: Sequence[int]) -> None:
        """With the least scratch.

        Args:
            choices: by work: band -> bytes of scratch with which the kernel can do, fewest first.
            state: by work: bytes.
        """
        self.flow = flow
        self.choices = choices
        self.scratch = [{band: sizes[0] for band, sizes in of.items()} for of in choices]
        self.state = state
        self._sharing = [  # by work: inputs whose rows outputs may lie over, with least distance and step
            [
                (port, *rounded(port.overlap))
                for port in work.inputs
                if port.overlap is not None and not flow.stores[port.storage].history
            ]
            for work in flow.works
        ]
        works, stores = flow.works, flow.stores
        count = len(works)
        self.last: dict[int, list[int]] = {}
        first: dict[int, list[int]] = {}
        for t, s in stores.items():
            self.last[t] = [-1] * s.stays + [count] * (s.rows - s.stays)
            first[t] = [count] * s.rows
        for i, work in enumerate(works):
            for port in work.inputs:
                last, begin = self.last[port.storage], first[port.storage]
                for row in range(work.rows):
                    for r in range(port.low[row], port.high[row]):
                        if last[r] < i:
                            last[r] = i
                        if begin[r] > i:
                            begin[r] = i
            for port in work.outputs:
                last = self.last[port.storage]
                for row in range(work.rows):
                    for r in range(port.low[row], port.high[row]):
                        if last[r] < i:
                            last[r] = i
        self.made: dict[int, list[int]] = {t: [-1] * s.rows for t, s in stores.items()}  # first work that writes a row
        for i in reversed(range(count)):
            for port in works[i].outputs:
                made = self.made[port.storage]
                for row in range(works[i].rows):
                    made[port.low[row] : port.high[row]] = [i] * (port.high[row] - port.low[row])
        change = [0] * (count + 2)
        self.arrived_at: dict[int, list[int]] = {}  # streamed input -> by work: rows come before it runs
        for t, s in stores.items():
            size = s.slot_bytes
            arrives = t in flow.arrivals
            if arrives:
                high = count
                for r in reversed(range(s.rows)):
                    high = first[t][r] = min(high, first[t][r])
                self.arrived_at[t] = [sum(f < i for f in first[t][s.history :]) for i in range(count + 1)]
                first[t][: s.history] = [-1] * s.history
            for r in range(s.rows):
                birth = first[t][r] if arrives else self.made[t][r]
                if self.last[t][r] > birth:
                    change[birth + 1] += size
                    change[self.last[t][r] + 1] -= size
        self.crossing: list[int] = []  # bytes alive between work k-1 and work k
        total = 0
        for k in range(count + 1):
            total += change[k]
            self.crossing.append(total)

    def with_scratch(self, sizes: Mapping[int, int]) -> Needs:
        """The same with other bytes of scratch: by work, an index into the choices, -1 being the most."""
        other = copy(self)
        other.scratch = [
            {band: found[sizes[i]] for band, found in of.items()} if i in sizes else self.scratch[i]
            for i, of in enumerate(self.choices)
        ]
        return other

    def lives(self, calls: Sequence[Turn], start: int, end: int, bands: Bands, *, listed: bool = True) -> Lives:
        """Lives over the calls of works [start, end); what crosses both ends counts in `live` only.

        Args:
            listed: whether pairs are listed; they count in `live` in any case.
        """
        flow, works = self.flow, self.flow.works
        count = len(calls)
        born: dict[int, list[int | None]] = {}
        dies: dict[int, list[int]] = {}
        states: dict[int, tuple[int, int]] = {}
        change = [0] * (count + 1)
        live = [0] * count

        def of(storage: int) -> list[int | None]:
            if storage not in born:
                rows = flow.stores[storage].rows
                if storage in flow.arrivals:
                    came = flow.stores[storage].history + self.arrived_at[storage][start]
                    born[storage] = [BEFORE] * came + [None] * (rows - came)
                else:
                    born[storage] = [BEFORE if made < start else None for made in self.made[storage]]
                dies[storage] = [BEFORE] * rows
            return born[storage]

        for e, call in enumerate(calls):
            if call.step < 0:
                t = flow.arrivals[-1 - call.step]
                row = flow.stores[t].history + call.row
                of(t)[row] = e
                dies[t][row] = e
                continue
            work = works[call.step]
            for port in work.inputs:
                of(port.storage)
                low, high = port.span(call.row, call.rows)
                ends = dies[port.storage]
                for r in range(low, high):
                    ends[r] = e
            for port in work.outputs:
                begins = of(port.storage)
                low, high = port.span(call.row, call.rows)
                ends = dies[port.storage]
                for r in range(low, high):
                    if begins[r] is None:
                        begins[r] = e
                    ends[r] = e
            live[e] += aligned(self.scratch[call.step].get(bands[call.step], 0))
            if self.state[call.step] > 0:
                states[call.step] = (states.get(call.step, (e, e))[0], e)
        for i, (first, last) in states.items():
            change[first] += aligned(self.state[i])
            change[last + 1] -= aligned(self.state[i])
        for t, begins in born.items():
            size = flow.stores[t].slot_bytes
            lasts = self.last[t]
            ends = dies[t]
            for r, begin in enumerate(begins):
                if begin is None:
                    continue
                if lasts[r] >= end:
                    ends[r] = count
                elif lasts[r] < start and begin == BEFORE:
                    continue  # dead before these calls
                if begin != BEFORE:
                    change[begin] += size
                if ends[r] < count:
                    change[ends[r] + 1] -= size
        pairs: dict[int, list[Pair]] = {}
        total = self.crossing[start]
        for e, call in enumerate(calls):
            total += change[e]
            live[e] += total
            if call.step >= 0:
                found, saved = self._pairs(call, e, born, dies, listed)
                if found:
                    pairs[e] = found
                live[e] -= saved
        return Lives(born, dies, states, pairs, live)

    def _pairs(
        self, call: Turn, e: int, born: dict[int, list[int | None]], dies: dict[int, list[int]], listed: bool
    ) -> tuple[list[Pair], int]:
        """The pairs of a call, if they are to be listed, and the most bytes that they can share."""
        work = self.flow.works[call.step]
        found: list[Pair] = []
        shared: dict[tuple[int, int], int] = {}
        for port, lag, step in self._sharing[call.step]:
            low, high = port.span(call.row, call.rows)
            ends = dies[port.storage]
            dying = [r for r in range(low, high) if ends[r] == e]
            if not dying:
                continue
            any_row = call.rows == 1 or (port.overlap is not None and port.overlap.any_row)
            size_in = self.flow.stores[port.storage].slot_bytes
            for out in work.outputs:
                if self.flow.stores[out.storage].history:
                    continue
                size_out = self.flow.stores[out.storage].slot_bytes
                begins = born[out.storage]
                for y in range(call.row, call.row + call.rows):
                    rows = dying if any_row else [r for r in dying if self._reads_last(port, r, y, call)]
                    for made in range(out.low[y], out.high[y]):
                        if begins[made] != e or lag >= size_out or not rows:
                            continue
                        if listed:
                            found += [Pair((out.storage, made), (port.storage, r), lag, step) for r in rows]
                        most = min(size_out - lag, size_in * len(rows))
                        shared[out.storage, made] = min(size_out, shared.get((out.storage, made), 0) + most)
        return found, sum(shared.values())

    @staticmethod
    def _reads_last(port: Port, r: int, y: int, call: Turn) -> bool:
        """Whether row r is read by operator row y and by none below it in the call."""
        low, high = port.low, port.high
        return bool(
            low[y] <= r < high[y] and all(not low[k] <= r < high[k] for k in range(y + 1, call.row + call.rows))
        )


def rounded(overlap: Overlap) -> tuple[int, int]:
    """The least distance of rows at aligned addresses, and the step from there on (1: any distance)."""
    step = lcm(overlap.step, ALIGNMENT)
    return max(0, -(-overlap.lag // step) * step), 1 if overlap.step == 1 else step
