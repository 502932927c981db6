# SPDX-License-Identifier: Apache-2.0
"""`profile` on every board: the right outputs, counts that repeat and add up, accounts without a remainder."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from jsonschema import Draft202012Validator

from benchmark_models import OUTPUT_CRCS, board_models, large_model, model_path
from edgesdk.boards import load_board
from edgesdk.cli import main as cli
from edgesdk.measure.build import build_prepared, emit_sources
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.measure.profile import measure, profile
from edgesdk.measure.results import Profile
from edgesdk.measure.target import Target, select, start
from edgesdk.model.plan import Options

ROOT = Path(__file__).parents[2]


def measured_twice(prepared: Prepared, directory: Path) -> tuple[Path, list[Profile]]:
    """One build, two boots."""
    firmware = build_prepared(prepared.board, emit_sources(prepared), directory)
    results = []
    for _ in range(2):
        with ExitStack() as stack:
            device = stack.enter_context(start(firmware, stack))
            init = select(device, prepared).init_ticks
            target = Target(device, firmware, prepared.board.emulator is not None, init)
            results.append(measure(prepared, target, runs=1))
    return firmware.elf, results


def symbol_bytes(elf: Path, prefix: str) -> int:
    with elf.open("rb") as stream:
        table = ELFFile(stream).get_section_by_name(".symtab")
        return sum(s["st_size"] for s in table.iter_symbols() if s.name.startswith(prefix))


def assert_accounts_hold(result: Profile, prepared: Prepared, elf: Path) -> None:
    ram, flash = result.ram, result.flash
    assert ram.other == 0
    assert flash.other == 0
    assert ram.total == ram.arena + ram.runtime + (ram.stack or 0) + ram.app
    assert flash.total == flash.code + flash.weights + flash.app
    assert ram.arena == prepared.plan.peak == symbol_bytes(elf, "edge_arena_")
    assert ram.runtime == symbol_bytes(elf, f"{prepared.prefix}_ctx")
    assert ram.watermark is not None
    assert 0 < ram.watermark <= ram.arena


@pytest.mark.parametrize(("board", "model"), board_models())
def test_profile(board: str, model: str, tmp_path: Path) -> None:
    prepared = prepare(model_path(model), load_board(board), Options())
    elf, (first, second) = measured_twice(prepared, tmp_path)
    assert first.output_crc32 == second.output_crc32 == OUTPUT_CRCS[model]
    assert first.warnings == second.warnings == ()
    assert_accounts_hold(first, prepared, elf)
    assert [layer.kernel for layer in first.layers] == [step.kernel for step in prepared.plan.steps]
    if board == "host":  # its counter is the clock of this machine
        assert first.latency.instructions is None
        assert first.latency.us > 0
        return
    assert first == second
    assert first.ram.stack is not None
    assert 0 < first.ram.stack < prepared.board.reserve.stack_bytes
    whole = first.latency.instructions
    assert whole is not None
    assert abs(sum(layer.instructions for layer in first.layers) - whole) <= whole / 100
    assert first.init.instructions > 0


@pytest.mark.parametrize(
    ("board", "model"),
    [
        ("host", "mcunet_vww1"),
        pytest.param("mps2-an386", "mcunet_vww1", marks=pytest.mark.emulator),
        ("host", "mcunetv2_large"),
        pytest.param("mps2-an500", "mcunetv2_large", marks=[pytest.mark.emulator, pytest.mark.slow]),
    ],
)
def test_large_models(board: str, model: str, tmp_path: Path) -> None:
    prepared = prepare(large_model(model), load_board(board), Options())
    elf, (first, second) = measured_twice(prepared, tmp_path)
    assert_accounts_hold(first, prepared, elf)
    assert first.output_crc32 == second.output_crc32
    assert first.warnings == ()
    assert first == second or board == "host"


@pytest.mark.emulator
def test_two_whole_profiles_are_equal() -> None:
    """Built twice, in different folders."""
    first, second = (profile(model_path("kws01"), load_board("mps2-an386"), Options(), runs=runs) for runs in (1, 3))
    assert second.runs == 3
    assert replace(second, runs=1) == first


@pytest.mark.emulator
def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["profile", str(model_path("kws01")), "--board", "mps2-an385", "--json"]) == 0
    out, err = capsys.readouterr()
    value = json.loads(out)
    Draft202012Validator(json.loads((ROOT / "docs/schema/profile.schema.json").read_text())).validate(value)
    assert value["output_crc32"] == OUTPUT_CRCS["kws01"]
    assert value["emulated"] is True
    assert value["latency"]["us"] is None  # an emulator's time is no time
    assert "emulator" in err
