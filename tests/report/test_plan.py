# SPDX-License-Identifier: Apache-2.0
"""A plan's table and its words: they add up, and they say only what the report holds."""

from __future__ import annotations

from dataclasses import replace

from edgesdk.measure.results import PlanAlternative, PlanReport
from edgesdk.report.document import Table
from edgesdk.report.explain import explanation
from edgesdk.report.plan import render_plan
from edgesdk.report.terminal import plain_text
from result_samples import SAMPLES

SAMPLE: PlanReport = SAMPLES["plan"]


def words(report: PlanReport) -> str:
    return plain_text(explanation(report))


def test_the_account_adds_up_to_the_arena() -> None:
    table = next(block for block in explanation(SAMPLE) if isinstance(block, Table))
    sizes = [int(row[0].replace(",", "")) for row in table.rows]
    assert sizes == [380, 320, 50, -10, 12, 48]
    assert sum(sizes) == 800
    assert table.total == ("800", "100.0%", "arena")


def test_what_stays_between_calls_is_counted_in_words() -> None:
    assert "rings" not in words(replace(SAMPLE, history=0))
    assert "1,234 bytes of the arena are rings that live through all calls" in words(replace(SAMPLE, history=1234))


def test_the_distance_to_the_bound_is_told_apart() -> None:
    text = words(SAMPLE)
    assert "100 bytes (14.3%) above that: 52 because this order of calls" in text
    assert "48 because rows of different sizes" in text
    text = words(replace(SAMPLE, peak=replace(SAMPLE.peak, need=710)))
    assert "10 because this order" in text
    assert "30 because rows that it writes lie beside" in text
    assert "60 because rows of different sizes" in text
    assert "so no plan is smaller" in words(replace(SAMPLE, ram=replace(SAMPLE.ram, lower_bound=800)))


def test_alternatives_are_told_as_they_were_planned() -> None:
    found = tuple(PlanAlternative(name, size, 1) for name, size in (("--a", 500), ("--b", 900), ("--c", 800)))
    text = words(replace(SAMPLE, alternatives=found))
    assert "With --a: 500 bytes, 300 less" in text
    assert "With --b: 900 bytes, 100 more" in text
    assert "With --c: 800 bytes, the same" in text
    twice = replace(SAMPLE, alternatives=(PlanAlternative("--d", 500, 1, 1.125),))
    assert "With --d: 500 bytes, 300 less, 1.125 times the multiply-accumulates" in words(twice)
    assert "The input itself holds 47.5% of the arena" in text


def test_a_map_that_must_be_whole_is_named_with_its_cause() -> None:
    assert "layer 0 (CONV_2D) reads them all at once" in words(SAMPLE)
    layers = tuple(replace(SAMPLE.layers[0], index=i, op=op) for i, op in enumerate(("CONV_2D", "MEAN", "MUL")))
    waits = (replace(SAMPLE.peak.waits[0], reducer=1, reader=2),)
    text = words(replace(SAMPLE, layers=layers, peak=replace(SAMPLE.peak, waits=waits)))
    assert "layer 2 (MUL) cannot begin before layer 1 (MEAN) has seen them all" in text


def test_the_next_highest_segment_bounds_the_gain() -> None:
    layers = (SAMPLE.layers[0], replace(SAMPLE.layers[0], index=1, segment=1, ram_live=300))
    assert "gain at most 500" in words(replace(SAMPLE, layers=layers, segments=((0,), (1,))))


def test_words_come_only_where_they_were_asked_for() -> None:
    assert "The peak is in call 2 of 3" in plain_text(render_plan(SAMPLE))
    assert "The peak is in call" not in plain_text(render_plan(replace(SAMPLE, alternatives=None)))


def test_the_table_has_kinds_rows_kept_and_epilogues() -> None:
    text = plain_text(render_plan(SAMPLE))
    assert "CONV_2D > RELU" in text
    assert "virtual > ring" in text
    assert "2 of 3" in text


def test_what_does_not_fit_is_said() -> None:
    assert "does not fit" not in plain_text(render_plan(SAMPLE))
    assert "does not fit  RAM: 1,234 bytes too many" in plain_text(
        render_plan(replace(SAMPLE, shortfall={"RAM": 1234}))
    )
