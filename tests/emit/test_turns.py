# SPDX-License-Identifier: Apache-2.0
"""The schedule's table runs the turns of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark_models import model_path
from edgesdk.emit.turns import AGAIN, LONGEST, Entry, table_of
from edgesdk.model.plan import ARRIVAL, Options, Turn
from edgesdk.model.tflite.reader import read_model
from edgesdk.plan import plan_graph
from support import PALETTE


def run(table: Sequence[Entry]) -> Iterator[Turn]:
    """The turns, as edge/model.h describes the table."""
    at = rounds = 0
    while at < len(table):
        entry = table[at]
        if entry.op == AGAIN:
            assert 0 < entry.row <= at
            assert all(inner.op != AGAIN for inner in table[at - entry.row : at])
            more = rounds < entry.rows
            at, rounds = (at - entry.row, rounds + 1) if more else (at + 1, 0)
            continue
        step = entry.op if entry.op < ARRIVAL else ARRIVAL - 1 - entry.op
        yield Turn(step, entry.row + rounds * entry.step, entry.rows)
        at += 1


def in_order(kinds: Sequence[tuple[int, int]]) -> list[Turn]:
    """Turns of which each step's begin where its last ended."""
    made: dict[int, int] = {}
    turns = []
    for step, rows in kinds:
        turns.append(Turn(step, made.get(step, 0), rows))
        made[step] = made.get(step, 0) + rows
    return turns


@given(st.lists(st.tuples(st.lists(st.tuples(st.integers(-2, 3), st.integers(1, 2)), max_size=6), st.integers(1, 6))))
def test_a_table_runs_its_turns(runs: list[tuple[list[tuple[int, int]], int]]) -> None:
    turns = in_order([kind for body, times in runs for kind in body * times])
    table = table_of(turns)
    assert list(run(table)) == turns
    assert len(table) <= len(turns)


def test_a_pyramid_is_one_loop() -> None:
    """Four rows arrive, two are made of them and one of those, 30 times, between a beginning and an end."""
    turns = in_order([(-1, 3), *[(-1, 2), (0, 1), (-1, 2), (0, 1), (1, 1)] * 30, (0, 1), (1, 1)])
    assert table_of(turns) == (
        Entry(ARRIVAL, 0, 3),
        *(Entry(ARRIVAL, 3, 2, 4), Entry(0, 0, 1, 2), Entry(ARRIVAL, 5, 2, 4), Entry(0, 1, 1, 2), Entry(1, 0, 1, 1)),
        Entry(AGAIN, 5, 29),
        Entry(0, 60, 1),
        Entry(1, 30, 1),
    )


def test_bodies_are_not_too_long_to_find() -> None:
    body = [(step, 1 + step % 3) for step in range(LONGEST)]
    assert len(table_of(in_order(body * 5))) == LONGEST + 1


@pytest.mark.parametrize("input", ["resident", "streamed"])
def test_the_keyword_spotter_s_table_is_short(input: str) -> None:
    schedule = plan_graph(read_model(model_path("kws01")), PALETTE, "ram", Options(input=input)).schedule
    table = table_of(schedule)
    assert list(run(table)) == list(schedule)
    assert 4 * len(table) < len(schedule)
