# SPDX-License-Identifier: Apache-2.0
"""Where to cut the network into segments: least bytes at the worst call, over all cuts."""

from __future__ import annotations

import time

from edgesdk.plan.lives import Needs
from edgesdk.plan.schedule import Bands

SEARCH_SECONDS = 5.0
LONGEST_WHEN_LATE = 12


class Segments:
    """Costs of segments, each computed once."""

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.flow = needs.flow
        self._costs: dict[tuple[int, int, tuple[int, ...]], int] = {}

    def cost(self, start: int, end: int, bands: Bands) -> int:
        """Bytes live at the worst call of works [start, end) as one segment."""
        key = (start, end, tuple(bands[start:end]))
        if key not in self._costs:
            done = [w.rows if i < start else 0 for i, w in enumerate(self.flow.works)]
            arrived = [self.needs.arrived_at[t][start] for t in self.flow.arrivals]
            calls = self.flow.segment(start, end, bands, done, arrived)
            self._costs[key] = max(self.needs.lives(calls, start, end, bands).live, default=0)
        return self._costs[key]

    def best(self, bands: Bands) -> tuple[list[int], int]:
        """(ends of the segments, bytes that no partition can go below).

        Minimax over all partitions: best[end] = min over start of max(best[start], cost(start, end)). A start whose own
        best is no better than what is found cannot help. Of equals the shorter segment wins. Where time runs out, long
        segments are not tried, and the bound takes them for as good as their two ends allow.
        """
        count = len(self.flow.works)
        best: list[tuple[int, int]] = [(self.needs.crossing[0], 0)]
        bound = [self.needs.crossing[0]]
        deadline = time.monotonic() + SEARCH_SECONDS
        for end in range(1, count + 1):
            found: tuple[int, int] | None = None
            least: int | None = None
            for start in range(end - 1, -1, -1):
                edges = max(self.needs.crossing[start], self.needs.crossing[end])
                if end - start > LONGEST_WHEN_LATE and time.monotonic() > deadline:
                    least = min(x for x in (least, max(bound[start], edges)) if x is not None)
                    continue
                floor = max(best[start][0], edges)
                if found is not None and floor >= found[0]:
                    least = min(x for x in (least, max(bound[start], edges)) if x is not None)
                    continue
                alone = self.cost(start, end, bands)
                least = min(x for x in (least, max(bound[start], alone)) if x is not None)
                cost = max(floor, alone)
                if found is None or cost < found[0]:
                    found = (cost, start)
            assert found is not None and least is not None
            best.append(found)
            bound.append(least)
        cuts: list[int] = []
        end = count
        while end > 0:
            cuts.append(end)
            end = best[end][1]
        return cuts[::-1], bound[count]
