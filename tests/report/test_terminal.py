# SPDX-License-Identifier: Apache-2.0
"""Documents on a terminal and in a pipe: readable, and nothing in them steers the terminal."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from edgesdk.measure.results import Latency
from edgesdk.report.bench import render_bench
from edgesdk.report.convert import render_convert
from edgesdk.report.document import Bar, Column, Document, Facts, Table
from edgesdk.report.error import error_text
from edgesdk.report.export import render_export
from edgesdk.report.firmware import render_build, render_flash
from edgesdk.report.inspect import render_inspect
from edgesdk.report.machine import render_board, render_boards, render_doctor, render_tools
from edgesdk.report.plan import render_plan
from edgesdk.report.profile import layer_table, render_profile
from edgesdk.report.terminal import is_fancy, plain_text, show
from edgesdk.report.train import render_train
from edgesdk.report.verify import render_verify
from result_samples import PROFILE, SAMPLES

RENDERERS: Mapping[str, Callable[[Any], Document]] = {
    "bench": render_bench,
    "boards": render_boards,
    "build": render_build,
    "convert": render_convert,
    "doctor": render_doctor,
    "export": render_export,
    "flash": render_flash,
    "inspect": render_inspect,
    "monitor": lambda result: result.lines,
    "plan": render_plan,
    "profile": render_profile,
    "toolchain": render_tools,
    "train": render_train,
    "verify": render_verify,
}
ESCAPE = "\x1b"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    for name in ("NO_COLOR", "CI", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "400")
    return Screen()


@pytest.mark.parametrize("name", RENDERERS)
def test_plain_lines_hold_no_control_characters(name: str) -> None:
    text = plain_text(RENDERERS[name](SAMPLES[name]))
    assert all(line.isprintable() for line in text.split("\n"))
    assert "[bold]x[/bold]" in text or "x[/bo" in text or "..." in text  # markup is text


@pytest.mark.parametrize("name", RENDERERS)
def test_a_terminal_gets_only_our_own_escapes(name: str, terminal: Screen) -> None:
    show(RENDERERS[name](SAMPLES[name]), terminal)
    shown = terminal.getvalue()
    assert "\r" not in shown
    assert "\u202e" not in shown
    assert f"{ESCAPE}[31mred" not in shown
    shown.replace("\ud800", "").encode()
    assert "\ud800" not in shown


def test_one_board_is_shown_whole() -> None:
    assert "16,384 bytes" in plain_text(render_board(SAMPLES["boards"].boards[0]))


def test_errors_are_one_line_and_at_most_three_things_to_try() -> None:
    lines = error_text(replace(SAMPLES["error"], why="\x1b[2J")).split("\n")
    assert len(lines) == 5
    assert lines[0].startswith("EDGE-OP-001: ")
    assert all(line.isprintable() for line in lines)


def test_a_cause_of_several_lines_is_indented() -> None:
    error = replace(SAMPLES["error"], why="first\n\x1b[31msecond", tries=())
    assert error_text(error).split("\n")[1:] == ["    first", "    \\x1b[31msecond"]


@pytest.mark.parametrize(
    ("variable", "value", "fancy"),
    [("NO_COLOR", "1", False), ("CI", "true", False), ("TERM", "dumb", False), ("UNRELATED", "1", True)],
)
def test_colour_is_for_terminals_that_want_it(
    variable: str, value: str, fancy: bool, terminal: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert is_fancy(terminal) is fancy
    assert not is_fancy(io.StringIO())
    show(render_profile(PROFILE), terminal)
    assert (ESCAPE in terminal.getvalue()) is fancy


def test_plain_tables_align_and_are_not_cut() -> None:
    table = Table((Column("name"), Column("n", right=True)), (("a" * 60, "1"), ("b", "1,000")), ("total", "1,001"))
    lines = plain_text([table]).splitlines()
    assert [len(line) for line in lines] == [67] * 4
    assert lines[1].startswith("a" * 60)


def test_bars_show_an_overrun() -> None:
    text = plain_text([Bar("RAM", 20_000, 10_000), Bar("none", 1, 0), Facts(())])
    assert "20,000 of 10,000 bytes (200.0%)" in text
    assert text.count("#" * 30) == 2


def cells(profile: Any) -> dict[str, str]:
    table = layer_table(profile)
    return dict(zip([c.title for c in table.columns], table.rows[0], strict=True))


def test_the_layer_table_counts_instructions_in_an_emulator() -> None:
    row = cells(PROFILE)
    assert (row["instr"], row["%"], row["instr/MAC"]) == ("900,000", "100.0", "2.81")
    assert "cycles" not in row
    assert "us" not in row


def test_the_layer_table_counts_cycles_on_silicon() -> None:
    layers = (replace(PROFILE.layers[0], instructions=None, cycles=640_000, us=25_600.0),)
    silicon = replace(PROFILE, layers=layers, latency=Latency(instructions=None, cycles=640_000, us=25_600.0))
    row = cells(silicon)
    assert (row["cycles"], row["us"], row["cycles/MAC"]) == ("640,000", "25600.0", "2.00")
    assert "instr" not in row


def test_accounts_that_do_not_add_up_say_so() -> None:
    wrong = replace(PROFILE, ram=replace(PROFILE.ram, other=12))
    assert "12 bytes that no account explains" in plain_text(render_profile(wrong))
    assert "no account" not in plain_text(render_profile(PROFILE))


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_narrow_terminal_loses_columns_but_no_number(
    width: int, terminal: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    rows = tuple(
        (str(i), "CONV_2D", "a/long/name/of/a/layer" * 2, "1,234,567", "edge_conv_2d_1x1_s8") for i in range(3)
    )
    columns = (Column("#"), Column("op"), Column("name", drop=2), Column("MACs", right=True), Column("kernel", drop=1))
    show([Table(columns, rows)], terminal)
    text = terminal.getvalue()
    assert text.count("1,234,567") == text.count("CONV_2D") == 3
    assert "edge_conv_2d_1x1_s8" in text
    assert ("a/long" in text) == (width == 100)
    assert "…" not in text


def test_a_profile_in_sixty_columns_keeps_what_was_measured(terminal: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    layer = replace(PROFILE.layers[0], op="DEPTHWISE_CONV_2D", macs_executed=2_656_768, instructions=3_019_291)
    show([layer_table(replace(PROFILE, layers=(layer,)))], terminal)
    head, _, row, *_ = terminal.getvalue().splitlines()
    assert "instr/MAC" in head
    assert "RAM live" in head
    assert "3,019,291" in row
    assert "1.14" in row
    assert "…" not in row
