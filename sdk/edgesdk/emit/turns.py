# SPDX-License-Identifier: Apache-2.0
"""The schedule as the firmware's table has it: turns that repeat, every operator further down, are there once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from edgesdk.model.plan import ARRIVAL, Turn

AGAIN = 0xFFFF  # EDGE_AGAIN of edge/model.h
LONGEST = 128  # entries in a loop


class Entry(NamedTuple):
    """An edge_turn.

    Args:
        op: the step, or ARRIVAL + k for rows of streamed input k, or AGAIN: the `row` entries before this one run
            `rows` times more.
        step: rows from one round of the loop to the next.
    """

    op: int
    row: int
    rows: int
    step: int = 0


def table_of(schedule: Sequence[Turn]) -> tuple[Entry, ...]:
    """The shortest table that runs these turns, its loops at most LONGEST entries long and none within another.

    Bodies that repeat make as many rows of an operator every time, so it is enough that operators and rows repeat.
    """
    turns = [Entry(t.step if t.input is None else ARRIVAL + t.input, t.row, t.rows) for t in schedule]
    choices = _shortest(turns)
    table: list[Entry] = []
    at = 0
    while at < len(turns):
        length, times = choices[at]
        body = turns[at : at + length]
        if times > 1:
            made: dict[int, int] = {}
            for turn in body:
                made[turn.op] = made.get(turn.op, 0) + turn.rows
            body = [*(turn._replace(step=made[turn.op]) for turn in body), Entry(AGAIN, length, times - 1)]
        table += body
        at += length * times
    return tuple(table)


def _shortest(turns: Sequence[Entry]) -> list[tuple[int, int]]:
    """For each turn: the entries of the body that begins there, and the times that it runs, in the shortest table."""
    count = len(turns)
    what = [(turn.op, turn.rows) for turn in turns]
    times: list[list[tuple[int, int]]] = [[] for _ in turns]
    for length in range(1, min(LONGEST, count // 2) + 1):
        same = 0  # turns from here on that equal the one `length` further on
        for at in range(count - length - 1, -1, -1):
            same = same + 1 if what[at] == what[at + length] else 0
            if same >= length:
                times[at].append((length, same // length + 1))
    cost = [0] * (count + 1)
    choices = [(1, 1)] * count
    for at in range(count - 1, -1, -1):
        cost[at] = 1 + cost[at + 1]
        for length, rounds in times[at]:
            found = length + 1 + cost[at + length * rounds]
            if found < cost[at]:
                cost[at], choices[at] = found, (length, rounds)
    return choices
