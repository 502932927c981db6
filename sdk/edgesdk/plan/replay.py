# SPDX-License-Identifier: Apache-2.0
"""Runs a placed plan on an arena of owners instead of values: no call may write a byte that is still needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from edgesdk.plan.candidate import Candidate
from edgesdk.plan.lives import BEFORE, Needs
from edgesdk.plan.place import aligned
from edgesdk.plan.regions import one_behind_another
from edgesdk.plan.schedule import Flow

FREE = -1
Row = tuple[int, int]
Owners = npt.NDArray[np.int64]


def replay(needs: Needs, plan: Candidate) -> None:
    """Replays every kernel call: what it reads must be whole, what it writes must be free or legally shared. Where maps
    have a history, so does the run that follows: it must find there what this one left.

    Raises:
        AssertionError: the planner broke its own rules; never the model's fault.
    """
    _replay(needs, plan)
    if not plan.rings:
        return
    following = dict(plan.addresses)
    for t, slots in plan.rings.items():
        storage = needs.flow.stores[t]
        above, new = storage.history, storage.rows - storage.history
        base = plan.addresses[t][above]
        following[t] = [base + (new + r - above) % slots * storage.slot_bytes for r in range(storage.rows)]
        _must(following[t][:above] == list(plan.addresses[t][new:]), f"the history of map {t} is not what stayed")
    _replay(needs, replace(plan, addresses=following))


def _replay(needs: Needs, plan: Candidate) -> None:
    flow = needs.flow
    _must_lie_inside(needs, plan)
    plan = one_behind_another(plan)
    owners = np.full(plan.bytes, FREE, np.int64)
    tags: dict[Row, int] = {}
    ends: dict[int, list[Row]] = {}
    births: dict[int, list[Row]] = {}
    for t, born in plan.lives.born.items():
        for r, first in enumerate(born):
            if first is not None:
                tags[t, r] = len(tags)
                births.setdefault(first, []).append((t, r))
                ends.setdefault(plan.lives.dies[t][r], []).append((t, r))
                if first == BEFORE and plan.lives.dies[t][r] != BEFORE:
                    _take(owners, plan, flow, (t, r), tags, {})
    for e, call in enumerate(plan.calls):
        held: list[slice] = []
        if call.step >= 0:
            work = flow.works[call.step]
            for port in work.inputs:
                low, high = port.span(call.row, call.rows)
                for r in range(low, high):
                    _check(owners, plan, flow, (port.storage, r), tags, f"call {e} reads a row that is gone")
            for port in work.outputs:
                low, high = port.span(call.row, call.rows)
                for r in range(low, high):
                    begun = plan.lives.born[port.storage][r]
                    if begun is not None and begun < e:
                        _check(owners, plan, flow, (port.storage, r), tags, f"call {e} writes a row that is gone")
            if call.step in plan.scratch:
                held.append(_bytes(plan.scratch[call.step], needs.scratch[call.step][plan.bands[call.step]]))
            if call.step in plan.state:
                held.append(_bytes(plan.state[call.step], needs.state[call.step]))
        for where in held:
            _must((owners[where] == FREE).all(), f"call {e}: scratch or state over a live row")
        for i, (first, last) in plan.lives.states.items():
            if first <= e <= last and i != call.step:
                held.append(_bytes(plan.state[i], needs.state[i]))
        shared: dict[Row, dict[int, list[tuple[int, int, int]]]] = {}
        for pair in plan.lives.pairs.get(e, ()):  # several of the same rows where an operator reads a map twice
            rule = (plan.addresses[pair.dying[0]][pair.dying[1]], pair.lag, pair.step)
            shared.setdefault(pair.made, {}).setdefault(tags[pair.dying], []).append(rule)
        for row in births.get(e, ()):
            where = _take(owners, plan, flow, row, tags, shared.get(row, {}))
            for other in held:
                _must(where.stop <= other.start or other.stop <= where.start, f"call {e} writes over scratch or state")
        for row in ends.get(e, ()):
            where = _span(plan, flow, row)
            owners[where][owners[where] == tags[row]] = FREE
    for t in plan.rings:
        for r in range(flow.stores[t].stays, flow.stores[t].rows):
            _check(owners, plan, flow, (t, r), tags, "a row that stays is gone")


def _must_lie_inside(needs: Needs, plan: Candidate) -> None:
    """Rows, scratch and state must not reach beyond their region."""
    sizes = plan.sizes or (plan.bytes,)
    _must(sum(sizes) == plan.bytes, "the regions do not add up")
    for t, rows in plan.addresses.items():
        end = max(rows, default=0) + needs.flow.stores[t].row_bytes
        _must(end <= sizes[plan.elsewhere.get(("rows", t), 0)], f"a row of storage {t} is outside its region")
    for i, address in plan.scratch.items():
        end = address + aligned(needs.scratch[i][plan.bands[i]])
        _must(end <= sizes[plan.elsewhere.get(("scratch", i), 0)], f"the scratch of work {i} is outside its region")
    for i, address in plan.state.items():
        end = address + aligned(needs.state[i])
        _must(end <= sizes[plan.elsewhere.get(("state", i), 0)], f"the state of work {i} is outside its region")


def _must(holds: object, message: str) -> None:
    if not holds:
        raise AssertionError(message)


def _bytes(address: int, size: int) -> slice:
    return slice(address, address + aligned(size))


def _span(plan: Candidate, flow: Flow, row: Row) -> slice:
    address = plan.addresses[row[0]][row[1]]
    return slice(address, address + flow.stores[row[0]].row_bytes)


def _check(owners: Owners, plan: Candidate, flow: Flow, row: Row, tags: dict[Row, int], message: str) -> None:
    _must((owners[_span(plan, flow, row)] == tags[row]).all(), message)


def _take(
    owners: Owners,
    plan: Candidate,
    flow: Flow,
    row: Row,
    tags: dict[Row, int],
    shared: dict[int, list[tuple[int, int, int]]],
) -> slice:
    """Makes a row the owner of its bytes; over the rows of `shared` (tag -> (address, lag, step)s) at distances that
    all its rules allow."""
    where = _span(plan, flow, row)
    for tag in np.unique(owners[where]).tolist():
        if tag == FREE:
            continue
        _must(tag in shared, f"row {row} is written over a live row")
        for address, lag, step in shared[tag]:
            distance = address - where.start
            _must(distance >= lag and distance % step == 0, f"row {row} is written {distance} bytes before a dying row")
    owners[where] = tags[row]
    return where
