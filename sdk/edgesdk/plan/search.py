# SPDX-License-Identifier: Apache-2.0
"""Where to cut the network into segments: least bytes at the worst call, over all cuts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from edgesdk.plan.lives import Needs
from edgesdk.plan.schedule import Bands

SEARCH_CALLS = 250_000  # simulated, after which only segments of up to LONGEST_WHEN_LATE works are tried
LONGEST_WHEN_LATE = 12


class Segments:
    """Costs of segments, each computed once."""

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.flow = needs.flow
        self.simulated = 0
        self._costs: dict[tuple[int, int, tuple[int, ...]], int] = {}

    def cost(self, start: int, end: int, bands: Bands) -> int:
        """Bytes live at the worst call of works [start, end) as one segment."""
        key = (start, end, tuple(bands[start:end]))
        if key not in self._costs:
            came = [self.needs.arrived_at[t][start] for t in reversed(self.flow.arrivals)]
            done = [w.rows if i < start else 0 for i, w in enumerate(self.flow.works)] + came
            calls = self.flow.segment(start, end, bands, done)
            self.simulated += len(calls)
            self._costs[key] = self.needs.worst(calls, start, end, bands)
        return self._costs[key]

    def best(self, bands: Bands, least: int, begin: int = 0) -> tuple[list[int], int]:
        """Ends of the segments of the best partition in these bands, and the bytes at its worst call.

        Minimax over all partitions: best[end] = min over start of max(best[start], cost(start, end)). Nothing below
        `least` is told apart: no plan gets there. Of equals the shorter segment wins. After SEARCH_CALLS, long segments
        are not tried any more.

        Args:
            begin: the work from which on the network is cut.
        """
        count = len(self.flow.works)
        best = {begin: (max(least, self.needs.crossing[begin]), begin)}
        for end in range(begin + 1, count + 1):
            found: tuple[int, int] | None = None
            for start in range(end - 1, begin - 1, -1):
                floor = max(best[start][0], self.needs.crossing[start], self.needs.crossing[end])
                if found is not None and floor >= found[0]:
                    continue
                if end - start > LONGEST_WHEN_LATE and self.simulated > SEARCH_CALLS:
                    break
                most = max(floor, self.cost(start, end, bands))
                if found is None or most < found[0]:
                    found = (most, start)
                if most <= least:
                    break
            assert found is not None
            best[end] = found
        cuts: list[int] = []
        end = count
        while end > begin:
            cuts.append(end)
            end = best[end][1]
        return cuts[::-1], best[count][0]

    def best_bands(self, narrow: Bands, least: int) -> tuple[Bands, list[int], int]:
        """Bands, ends of the segments and bytes as `best` finds them, some operators' bands wider where the dearest
        segments need less then: seldom, since wider bands keep more rows."""
        bands: Bands = tuple(narrow)
        cuts, most = self.best(bands, least)
        while cuts and most > least:
            wider = self._widened(cuts, bands, least)
            other, need = self.best(wider, least)
            if need >= most:
                break
            bands, cuts, most = wider, other, need
        return bands, cuts, most

    def _widened(self, cuts: Sequence[int], bands: Bands, least: int) -> Bands:
        """Bands that bring the dearest of these segments down, one after the other."""
        while self.simulated <= SEARCH_CALLS:
            start, end = max(pairwise([0, *cuts]), key=lambda span: self.cost(span[0], span[1], bands))
            now = self.cost(start, end, bands)
            works = self.flow.works
            tried = [(*bands[:i], b, *bands[i + 1 :]) for i in range(start, end) for b in works[i].bands]
            better = min(tried, key=lambda other: self.cost(start, end, other))
            if now <= least or self.cost(start, end, better) >= now:
                break
            bands = better
        return bands

    def levelled(self, bands: Bands) -> list[tuple[int, int]]:
        """First work and one past the last of every segment: no segment costs more than it must, as far as those
        before it allow. `best` cares for the costliest alone."""
        found: list[tuple[int, int]] = []
        begin = 0
        while begin < len(self.flow.works):
            spans = list(pairwise([begin, *self.best(bands, 0, begin)[0]]))
            costs = [self.cost(a, b, bands) for a, b in spans]
            found += spans[: costs.index(max(costs)) + 1]
            begin = found[-1][1]
        return found
