# SPDX-License-Identifier: Apache-2.0
"""Bytes that no order of calls can go below, whatever the segments.

At a call, a row must be in memory if the call cannot come before it is made (an ancestor makes it), and if the call
itself or one that cannot come earlier (a descendant) still reads it. Every operator makes its rows in order, so
ancestors are a prefix and descendants a suffix of each operator's rows.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from edgesdk.plan.lives import Needs
from edgesdk.plan.place import aligned
from edgesdk.plan.search import Segments
from edgesdk.plan.work import Port

SAMPLES = 8  # calls looked at per work, evenly spread


def least_bytes(segments: Segments) -> int:
    """The largest of the bounds that single calls give.

    Where all works before are done, more is in memory than any order of calls must have there: works that need no more
    than the bound even then are not looked at.
    """
    needs, flow = segments.needs, segments.flow
    narrow = tuple(w.bands[0] for w in flow.works)
    most = [segments.cost(i, i + 1, narrow) for i in range(len(flow.works))]
    ports = [[_Reader(p, flow.stores[p.storage].rows) for p in w.inputs] for w in flow.works]
    readers: dict[int, list[tuple[int, _Reader]]] = {}
    for i, work in enumerate(flow.works):
        for port, reader in zip(work.inputs, ports[i], strict=True):
            readers.setdefault(port.storage, []).append((i, reader))
    found = needs.crossing[0]
    for i in sorted(range(len(most)), key=lambda i: -most[i]):
        if most[i] <= found:
            break
        work = flow.works[i]
        for row in sorted({(work.rows - 1) * k // (SAMPLES - 1) for k in range(SAMPLES)}):
            found = max(found, _bytes_at(needs, ports, readers, i, row))
    return found


class _Reader:
    """A port's rows as monotone tables.

    Args:
        reached: by number of operator rows: storage rows [0, reached) cover all that they read.
        lowest: by operator row: the first storage row that it or a later one reads; all rows where none does.
    """

    def __init__(self, port: Port, rows: int) -> None:
        self.makers = port.makers
        self.reached = list(accumulate(port.high, max, initial=0))
        touched = [low if low < high else rows for low, high in zip(port.low, port.high, strict=True)]
        self.lowest = list(accumulate([rows, *reversed(touched)], min))[::-1]


def _bytes_at(
    needs: Needs, ports: list[list[_Reader]], readers: dict[int, list[tuple[int, _Reader]]], i: int, row: int
) -> int:
    flow, works = needs.flow, needs.flow.works
    made = [0] * len(works)  # rows that are made when the call ends
    made[i] = row + 1
    arrived = dict.fromkeys(flow.arrivals, 0)
    after = [w.rows for w in works]  # first row that cannot come before the call
    after[i] = row
    for j in range(i, -1, -1):
        if made[j] > 0:
            for port, reader in zip(works[j].inputs, ports[j], strict=True):
                high = reader.reached[made[j]]
                for maker in port.makers if high > 0 else ():
                    if maker < 0:
                        arrived[port.storage] = max(arrived[port.storage], high)
                    else:
                        made[maker] = max(made[maker], flow.ready[port.storage, maker][high - 1])
    for j in range(i, len(works)):
        if after[j] < works[j].rows:
            for port in works[j].outputs:
                first = bisect_right(flow.ready[port.storage, j], after[j])
                for k, reader in readers.get(port.storage, ()):
                    if j in reader.makers:
                        after[k] = min(after[k], bisect_right(reader.reached, first) - 1)
    total = needs.heads + aligned(min(needs.scratch[i].values(), default=0)) + aligned(needs.state[i])
    for t, storage in flow.stores.items():
        come = storage.rows
        for maker in flow.makers[t]:  # a row is counted where all of it is there
            come = min(
                come, max(storage.history, arrived[t]) if maker < 0 else bisect_right(flow.ready[t, maker], made[maker])
            )
        kept = min((reader.lowest[after[k]] for k, reader in readers.get(t, ())), default=come)
        total += max(0, come - min(kept, storage.stays)) * storage.slot_bytes
    if any(p.overlap is not None for p in works[i].inputs):
        total -= sum(flow.stores[p.storage].slot_bytes * (p.high[row] - p.low[row]) for p in works[i].outputs)
    return total
