# SPDX-License-Identifier: Apache-2.0
"""Ports that are absent, busy, silent, or lead to another model: four errors, exit 4, each within 10 seconds."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmark_models import OUTPUT_CRCS, model_path
from board_at_a_port import board_at_a_port
from command import Ended, NoCompiler, edgesdk
from edgesdk.boards import load_board
from edgesdk.link import SerialTransport
from edgesdk.measure.build import build_prepared, emit_sources
from edgesdk.measure.prepare import prepare
from edgesdk.model.plan import Options
from edgesdk.resources import boards_dir

LIMIT_S = 20.0
ABSENT, BUSY, SILENT = "EDGE-PORT-001", "EDGE-PORT-002", "EDGE-PORT-003"
ANOTHER, ANOTHER_BOARD = "EDGE-DEV-001", "EDGE-DEV-006"
MEASURES = ("profile", "verify")


@contextmanager
def terminal() -> Iterator[str]:
    """A serial port at which nobody answers."""
    ours, theirs = pty.openpty()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(ours)
        os.close(theirs)


@contextmanager
def busy_terminal() -> Iterator[str]:
    """A serial port that another program, this one, holds."""
    with terminal() as name:
        holder = SerialTransport(name)
        try:
            yield name
        finally:
            holder.close()


def host_program(model: str, directory: Path, options: Options | None = None) -> Path:
    prepared = prepare(model_path(model), load_board("host"), options or Options())
    return build_prepared(prepared.board, emit_sources(prepared), directory).elf


@pytest.fixture(scope="module")
def kws01_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return host_program("kws01", tmp_path_factory.mktemp("kws01"))


@pytest.fixture(scope="module")
def ad01_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return host_program("ad01", tmp_path_factory.mktemp("ad01"))


def assert_ends(ended: Ended, error: str) -> None:
    assert ended.error == error
    assert ended.code == 4
    assert ended.value["error"]["exit_code"] == 4
    assert len(ended.value["error"]["try"]) <= 3


def measure(verb: str, port: str, model: str = "kws01", *flags: str) -> Ended:
    return edgesdk(verb, model_path(model), "--board", "host", "--port", port, *flags)


@pytest.mark.parametrize("verb", MEASURES)
def test_absent(verb: str, tmp_path: Path) -> None:
    ended = measure(verb, str(tmp_path / "ttyNONE"))
    assert_ends(ended, ABSENT)
    assert ended.seconds < LIMIT_S


@pytest.mark.parametrize("verb", MEASURES)
def test_busy(verb: str) -> None:
    with busy_terminal() as name:
        ended = measure(verb, name)
    assert_ends(ended, BUSY)
    assert ended.seconds < LIMIT_S


@pytest.mark.parametrize("verb", MEASURES)
def test_silent(verb: str) -> None:
    with terminal() as name:
        ended = measure(verb, name)
    assert_ends(ended, SILENT)
    assert ended.seconds < LIMIT_S


@pytest.mark.parametrize("verb", MEASURES)
def test_another_model(verb: str, ad01_program: Path, tmp_path: Path) -> None:
    compilers = NoCompiler(tmp_path)
    with board_at_a_port(ad01_program) as port:
        ended = edgesdk(verb, model_path("kws01"), "--board", "host", "--port", port, environment=compilers.environment)
    assert_ends(ended, ANOTHER)
    assert "another model" in ended.value["error"]["what"]
    assert "ad01" in ended.value["error"]["why"]
    assert ended.seconds < LIMIT_S
    assert not compilers.started


@pytest.mark.parametrize("verb", MEASURES)
def test_another_plan(verb: str, tmp_path: Path) -> None:
    """The same file, flashed with other flags."""
    program = host_program("kws01", tmp_path, Options(float_io=True))
    with board_at_a_port(program) as port:
        ended = measure(verb, port)
    assert_ends(ended, ANOTHER)
    assert "another plan" in ended.value["error"]["what"]
    assert ended.seconds < LIMIT_S


@pytest.mark.parametrize("verb", MEASURES)
def test_another_board(verb: str, kws01_program: Path, tmp_path: Path) -> None:
    """What is at the port was built for the host, whatever --board says."""
    compilers = NoCompiler(tmp_path)
    with board_at_a_port(kws01_program) as port:
        ended = edgesdk(
            verb, model_path("kws01"), "--board", "mps2-an386", "--port", port, environment=compilers.environment
        )
    assert_ends(ended, ANOTHER_BOARD)
    assert "for host, not for mps2-an386" in ended.value["error"]["what"]
    assert not compilers.started


def test_the_right_model(kws01_program: Path) -> None:
    with board_at_a_port(kws01_program) as port:
        profiled = measure("profile", port)
        verified = measure("verify", port, "kws01", "--random", "2")
    assert profiled.code == verified.code == 0
    assert profiled.value["output_crc32"] == OUTPUT_CRCS["kws01"]
    assert profiled.value["emulated"] is verified.value["emulated"] is False
    assert verified.value["first"] is None


# flash


def board_file(directory: Path, programmer: list[str], id: str = "host") -> Path:
    """The emulated Cortex-M3 with this machine's kernels and name, so that it plans the same, and a programmer that
    leaves the board as it is."""
    command = ", ".join(f'"{word}"' for word in programmer)
    text = (boards_dir() / "mps2-an385.toml").read_text().replace('core = "cortex-m3"', 'core = "host"')
    text = text.replace('id = "mps2-an385"', f'id = "{id}"')
    path = directory / "board.toml"
    path.write_text(f'{text}\n[[programmers]]\ncommand = [{command}]\ninstall = "nothing"\n')
    return path


def test_flash_without_a_port_to_program(tmp_path: Path) -> None:
    compilers = NoCompiler(tmp_path)
    path = board_file(tmp_path, ["true"])
    arguments = ("flash", model_path("kws01"), "--board", path, "--port")
    assert_ends(edgesdk(*arguments, tmp_path / "ttyNONE", environment=compilers.environment), ABSENT)
    with busy_terminal() as name:
        assert_ends(edgesdk(*arguments, name, environment=compilers.environment), BUSY)
    assert not compilers.started


def test_the_compilers_above_do_leave_a_note(tmp_path: Path) -> None:
    compilers = NoCompiler(tmp_path)
    with terminal() as name:
        path = board_file(tmp_path, ["true"])
        ended = edgesdk(
            "flash", model_path("kws01"), "--board", path, "--port", name, environment=compilers.environment
        )
    assert ended.code == 5
    assert compilers.started


def flash_to(port: str, directory: Path, id: str = "host") -> tuple[Ended, float]:
    """How `flash` ended, and the seconds from the end of programming on."""
    programmed = directory / "programmed"
    path = board_file(directory, ["touch", str(programmed)], id)
    ended = edgesdk("flash", model_path("kws01"), "--board", path, "--port", port)
    return ended, ended.at - programmed.stat().st_mtime


def test_flash_to_a_silent_port(tmp_path: Path) -> None:
    with terminal() as name:
        ended, seconds = flash_to(name, tmp_path)
    assert_ends(ended, SILENT)
    assert seconds < LIMIT_S


def test_flash_that_leaves_another_model(tmp_path: Path, ad01_program: Path) -> None:
    with board_at_a_port(ad01_program) as port:
        ended, seconds = flash_to(port, tmp_path)
    assert_ends(ended, ANOTHER)
    assert seconds < LIMIT_S


def test_flash_that_leaves_another_board_s_firmware(tmp_path: Path, kws01_program: Path) -> None:
    with board_at_a_port(kws01_program) as port:
        ended, _ = flash_to(port, tmp_path, "mine")
    assert_ends(ended, ANOTHER_BOARD)


def test_flash_that_leaves_the_right_model(tmp_path: Path, kws01_program: Path) -> None:
    with board_at_a_port(kws01_program) as port:
        ended, _ = flash_to(port, tmp_path)
    assert ended.code == 0
    assert ended.value["emulated"] is False
    assert ended.value["port"] == port


def test_a_programmer_that_fails(tmp_path: Path) -> None:
    with terminal() as name:
        path = board_file(tmp_path, ["false"])
        ended = edgesdk("flash", model_path("kws01"), "--board", path, "--port", name)
    assert ended.error == "EDGE-TOOL-002"
    assert ended.code == 5


def test_a_board_without_a_programmer() -> None:
    with terminal() as name:
        ended = edgesdk("flash", model_path("kws01"), "--board", "mps2-an386", "--port", name)
    assert ended.error == "EDGE-USE-001"
    assert ended.code == 2
