# SPDX-License-Identifier: Apache-2.0
"""`profile` estimates cycles on every board whose core has a model, and says what they are worth."""

from __future__ import annotations

import pytest

from benchmark_models import model_path
from edgesdk.boards import load_board
from edgesdk.cycles.estimate import has_model
from edgesdk.measure.profile import profile
from edgesdk.model.plan import Options
from published_results import CHIPS
from record_speed import PAGE

MORE = 1.01


@pytest.mark.emulator
@pytest.mark.parametrize(
    ("board", "source", "waits"),
    [
        ("microbit-v1", "streamed", False),
        ("mps2-an385", "resident", False),
        ("mps2-an386", "streamed", False),
        ("mps2-an500", "resident", False),
        ("mps2-an505", "resident", False),
        ("mps3-an547", "resident", False),
        ("netduino-plus-2", "resident", True),
    ],
)
def test_estimates(board: str, source: str, waits: bool) -> None:
    found = profile(model_path("kws01"), load_board(board), Options(input=source))
    cycles, made = found.latency.cycles_estimated, found.cycles_model
    assert found.warnings == ()
    assert cycles is not None
    assert made is not None
    assert cycles == made.core_cycles + made.code_waits + made.data_waits
    assert cycles > found.latency.instructions
    assert (made.code_waits > 0, made.data_waits > 0) == (waits, waits)
    layers = sum(layer.cycles_estimated for layer in found.layers)
    assert 0.99 * cycles <= layers <= cycles
    assert made.validated == (load_board(board).core in {"cortex-m4", "cortex-m33"})
    assert made.validated == (made.error != "unvalidated")


def test_boards_without_a_model() -> None:
    """RV32 and the host have no table; a board file need not say what its flash takes."""
    board = load_board("mps2-an386")
    assert has_model(board)
    assert not has_model(board.model_copy(update={"flash_timing": None}))
    assert not any(has_model(load_board(name)) for name in ("riscv-virt", "host"))


@pytest.mark.emulator
def test_without_a_compiler_for_this_machine_a_warning_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    found = profile(model_path("ad01"), load_board("mps2-an386"), Options())
    assert found.latency.cycles_estimated is None
    assert found.warnings == ("cycles are not estimated: no-such-compiler is not on PATH",)


@pytest.mark.emulator
def test_no_slower_than_recorded() -> None:
    chip = CHIPS[0]
    board = load_board(chip.board).model_copy(update={"flash_timing": chip.flash})
    found = profile(model_path("kws01"), board, Options(optimize="speed"))
    part = PAGE.read_text().partition(f"## {chip.name}")[2]
    row = next(line for line in part.splitlines() if line.startswith("| kws01 |"))
    assert found.latency.cycles_estimated <= MORE * int(row.split("|")[6].replace(",", ""))


def test_the_page_is_whole() -> None:
    parts = PAGE.read_text().split("\n## ")
    for chip in CHIPS:
        part = next(p for p in parts if p.startswith(f"{chip.name}, {chip.clock_mhz} MHz\n"))
        for model in chip.best:
            (row,) = [line for line in part.splitlines() if line.startswith(f"| {model} |")]
            assert f" {chip.cycles(model):,.0f} |" in row
