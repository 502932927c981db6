# SPDX-License-Identifier: Apache-2.0
"""Board files: those that come with edgesdk are sound, a broken one gives one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesdk.boards import board_ids, list_boards, load_board
from edgesdk.errors import BOARD_INVALID, BOARD_UNKNOWN, EdgeError
from edgesdk.resources import boards_dir

GOOD = (boards_dir() / "mps2-an386.toml").read_text()


def load_text(tmp_path: Path, text: str | bytes) -> EdgeError:
    path = tmp_path / "board.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(EdgeError) as caught:
        load_board(str(path))
    assert str(path) in caught.value.where
    return caught.value


def test_the_boards_of_the_design_are_there() -> None:
    emulated = {"mps2-an385", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547"}
    assert {"host", "microbit-v1", "netduino-plus-2", "riscv-virt"} | emulated <= set(board_ids())
    assert [board.id for board in list_boards()] == sorted(board_ids())


@pytest.mark.parametrize("board_id", board_ids())
def test_a_board_says_whether_silicon_has_been_tried(board_id: str) -> None:
    board = load_board(board_id)
    assert any(word in board.status for word in ("never tried", "no such silicon", "microcontroller"))


@pytest.mark.parametrize("board_id", board_ids())
def test_two_timer_ticks_are_shorter_than_an_instruction(board_id: str) -> None:
    """Else differences of readings do not round to the true number of instructions."""
    board = load_board(board_id)
    hz = {"netduino-plus-2": 1_000_000_000}.get(board_id, board.clock_hz)
    if board.emulator:
        assert hz * board.ns_per_instruction > 2_000_000_000


def test_families_follow_the_core() -> None:
    assert load_board("mps2-an385").families == ("packed", "portable")
    assert load_board("mps2-an386").families == ("dsp", "portable")
    assert load_board("mps3-an547").families == ("mve", "dsp", "portable")


def test_a_file_of_ones_own_loads(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace('id = "mps2-an386"', 'id = "mine"'))
    board = load_board(str(path))
    assert (board.id, board.placement.arena, board.ram_bytes("RAM")) == ("mine", ("RAM", "PSRAM"), 4 << 20)


def test_unknown_id_names_the_nearest() -> None:
    with pytest.raises(EdgeError) as caught:
        load_board("mps2-an368")
    assert caught.value.kind is BOARD_UNKNOWN
    assert any("mps2-an386" in line for line in caught.value.tries)


@pytest.mark.parametrize("name", ["", "..", "host\n", "\x1b[31m", "MPS2-AN386"])
def test_unknown_ids(name: str) -> None:
    with pytest.raises(EdgeError) as caught:
        load_board(name)
    assert caught.value.kind is BOARD_UNKNOWN


@pytest.mark.parametrize("name", ["no/such/file.toml", "/", "./", "a\0b/c"])
def test_unreadable_files(name: str) -> None:
    with pytest.raises(EdgeError) as caught:
        load_board(name)
    assert caught.value.kind is BOARD_UNKNOWN


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("clock_hz = 25000000", 'clock_hz = "fast"', "clock_hz", "integer"),
        ("clock_hz = 25000000", "", "clock_hz", "required"),
        ("clock_hz = 25000000", "clock_hz = true", "clock_hz", "integer"),
        ("clock_hz = 25000000", "clock_hz = 25000000\nspeed = 1", "speed", "not permitted"),
        ('core = "cortex-m4"', 'core = "cortex-m9"', "core", "cortex-m0"),
        ("-mcpu=cortex-m4", "-mcpu=cortex-m0", "", "build.flags: -mcpu=cortex-m0 is not core cortex-m4"),
        ('"-mthumb"', '"-o/etc/passwd"', "build.flags.1", "pattern"),
        ('ports = ["common"', 'ports = ["../common"', "build.ports.0", "pattern"),
        ('stack = "RAM"', 'stack = "ROM"', "", "no region ROM"),
        ('stack = "RAM"', 'stack = "FLASH"', "", "FLASH is not ram"),
        ('arena = ["RAM", "PSRAM"]', 'arena = ["RAM", "RAM"]', "", "listed twice"),
        ('arena = ["RAM", "PSRAM"]', "arena = []", "placement.arena", "at least 1"),
        ('arena = ["RAM", "PSRAM"]', 'arena = ["PSRAM", "RAM"]', "", "RAM is faster than PSRAM"),
        ("base = 0x21000000", "base = 0x20000010", "", "RAM and PSRAM overlap"),
        ("base = 0x21000000", "base = 0xff000001", "", "beyond 4 GiB"),
        ('name = "PSRAM"', 'name = "RAM"', "", "same name"),
        ("stack_bytes = ", "stack_bytes = 4100 #", "reserve.stack_bytes", "16"),
        ("ram_bytes = ", "ram_bytes = 4194320 #", "", "more than RAM has"),
        ("ram_bytes = ", "ram_bytes = 1024 #", "", "less than the stack"),
        ("icount_shift = 7", "icount_shift = 70", "emulator.icount_shift", "less than"),
        ("wait_states = 0", "wait_states = 0\nline_bytes = 12", "flash_timing", "power of two"),
        ("wait_states = 0", "wait_states = 0\ncode_lines = 4", "flash_timing", "code_ways"),
        ("wait_states = 0", "wait_states = 0\ndata_lines = 4\ndata_ways = 3", "flash_timing", "data_ways"),
        ("wait_states = 0", "wait_states = 0\ndata_lines = 4\ndata_ways = 2\nshared = true", "flash_timing", "shared"),
        ('machine = "mps2-an386"', 'machine = "none,help -S"', "emulator.machine", "pattern"),
    ],
)
def test_invalid_field(tmp_path: Path, old: str, new: str, field: str, reason: str) -> None:
    assert old in GOOD
    error = load_text(tmp_path, GOOD.replace(old, new, 1))
    assert error.kind is BOARD_INVALID
    assert f"field {field} " in error.what if field else "field" not in error.what
    assert reason in error.why


@pytest.mark.parametrize(
    "text", [b"", b"= 1", b"\xff\xfe", b"id = 'a'\nid = 'b'", b"a=" + b"[" * 5000, b" " * (2 << 20)]
)
def test_no_toml(tmp_path: Path, text: bytes) -> None:
    assert load_text(tmp_path, text).kind is BOARD_INVALID
