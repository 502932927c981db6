# SPDX-License-Identifier: Apache-2.0
"""The least arena of a small graph by brute force, with nothing of the planner's search: every cut, every band of every
work, and each placement solved by CP-SAT. Only lives (when rows are born and die; test_bound.py tests what they count)
are the planner's own, and its rule that a row on its own takes whole words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from ortools.sat.python import cp_model

from edgesdk.plan.lives import BEFORE, Needs

WORD = 4
Packed = tuple[int, tuple[tuple[Any, ...], ...]]


@dataclass
class Part:
    """Bytes at `at` from the address of `item`, in use during `calls`.

    Args:
        over: key of another part -> (lag, step)s: this part may begin at least lag bytes, by step, before that one.
    """

    item: object
    key: Any
    at: int
    size: int
    calls: range | tuple[int, ...]
    over: dict[Any, list[tuple[int, int]]] = field(default_factory=dict)

    def meets(self, other: Part) -> bool:
        a, b = self.calls, other.calls
        return a[0] <= b[-1] and b[0] <= a[-1] and not set(a).isdisjoint(b)

    def legal(self, other: Part, distance: int) -> bool:
        """Whether `other` may lie `distance` bytes above this part's first byte."""
        if distance >= self.size or -distance >= other.size:
            return True
        for part, theirs, ahead in ((self, other, distance), (other, self, -distance)):
            if theirs.key in part.over:
                return all(ahead >= lag and (ahead - lag) % step == 0 for lag, step in part.over[theirs.key])
        return False


def least_arena(needs: Needs, below: int) -> int:
    """Bytes of the smallest arena over all cuts, bands and addresses, or `below` where none is smaller."""
    problems = sorted(set(map(tuple_of, every_problem(needs))))
    best = below
    for bound, packed in problems:
        if bound >= best:
            break
        parts = [unpacked(p) for p in packed]
        while (found := solved(parts, bound, best)) < best:  # CP-SAT 9.15 once called 96 bytes optimal where 68 do
            best = found
    return best


def every_problem(needs: Needs) -> Iterator[tuple[int, list[Part]]]:
    """(bytes that some call needs anyhow, what is to be placed), for all cuts and all bands."""
    works = needs.flow.works
    for bits in product((False, True), repeat=len(works) - 1):
        cuts = [k + 1 for k, cut in enumerate(bits) if cut] + [len(works)]
        for bands in product(*(w.bands for w in works)):
            yield problem(needs, cuts, bands)


def tuple_of(found: tuple[int, list[Part]]) -> Packed:
    bound, parts = found
    return bound, tuple((p.item, p.key, p.at, p.size, tuple(p.calls), rules_of(p)) for p in parts)


def rules_of(part: Part) -> tuple[tuple[Any, int, int], ...]:
    return tuple(sorted((key, *rule) for key, rules in part.over.items() for rule in rules))


def unpacked(p: Any) -> Part:
    item, key, at, size, calls, over = p
    part = Part(item, key, at, size, calls)
    for k, lag, step in over:
        part.over.setdefault(k, []).append((lag, step))
    return part


def problem(needs: Needs, cuts: Sequence[int], bands: Sequence[int]) -> tuple[int, list[Part]]:
    flow = needs.flow
    calls = flow.calls(cuts, bands)
    lives = needs.lives(calls, bands)
    parts: dict[object, Part] = {}
    for t, storage in flow.stores.items():
        for r in range(storage.rows):
            born, dies = (BEFORE, len(calls)) if t not in lives.born else (lives.born[t][r], lives.dies[t][r])
            if born is not None:
                first = max(born, 0)
                alive = range(first, max(first, min(dies, len(calls) - 1)) + 1)
                where = ("map", t, 0) if storage.contiguous else ("row", t, r)
                at = r * storage.row_bytes if storage.contiguous else 0
                parts["row", t, r] = Part(where, ("row", t, r), at, storage.slot_bytes, alive)
    for i in range(len(flow.works)):
        own = tuple(e for e, call in enumerate(calls) if call.step == i)
        for kind, size, alive in (
            ("scratch", needs.scratch[i].get(bands[i], 0), own),
            ("state", needs.state[i], range(own[0], own[-1] + 1)),
        ):
            if size:
                parts[kind, i, 0] = Part((kind, i, 0), (kind, i, 0), 0, -(-size // WORD) * WORD, alive)
    for pairs in lives.pairs.values():
        for pair in pairs:
            parts[("row", *pair.made)].over.setdefault(("row", *pair.dying), []).append((pair.lag, pair.step))
    return max(lives.live, default=0), list(parts.values())


def solved(parts: Sequence[Part], bound: int, below: int) -> int:
    """The least arena of these parts, or `below` where none is smaller."""
    items: dict[object, list[Part]] = {}
    for p in parts:
        items.setdefault(p.item, []).append(p)
    top = below // WORD - 1
    if -(-bound // WORD) > top:
        return below
    model = cp_model.CpModel()
    address = {item: model.new_int_var(0, top, str(item)) for item in items}
    end = model.new_int_var(-(-bound // WORD), top, "end")
    for item, own in items.items():
        model.add(address[item] + -(-max(p.at + p.size for p in own) // WORD) <= end)
    for a, b in combinations(items, 2):
        meeting = [(p, q) for p in items[a] for q in items[b] if p.meets(q)]
        if meeting:
            legal = [d for d in range(-top, top + 1) if all(p.legal(q, WORD * d + q.at - p.at) for p, q in meeting)]
            model.add_linear_expression_in_domain(address[b] - address[a], cp_model.Domain.from_values(legal))
    model.minimize(end)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return WORD * solver.value(end) if status == cp_model.OPTIMAL else below
