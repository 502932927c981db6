# SPDX-License-Identifier: Apache-2.0
"""Every port, in its emulator: no byte is lost, instructions are counted exactly, faults are reported."""

from __future__ import annotations

import functools
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgesdk.boards import Board, list_boards, load_board
from edgesdk.compile.build import Firmware
from edgesdk.flash.emulator import Emulator
from edgesdk.link.transport import PipeTransport, SocketTransport, Transport
from edgesdk.resources import firmware_dir
from port_programs import build_program, read_until

EMULATED = [board.id for board in list_boards() if board.emulator]
pytestmark = pytest.mark.emulator
_directory = tempfile.TemporaryDirectory()


@functools.cache
def program(board_id: str) -> Firmware:
    return build_program(load_board(board_id), Path(__file__).with_name("port_program.c"), Path(_directory.name))


@contextmanager
def running(board_id: str) -> Iterator[tuple[Emulator, Transport]]:
    with Emulator(program(board_id)) as emulator:
        line = SocketTransport(emulator.url)
        try:
            assert read_until(line, b"ready\n").endswith(b"ready\n")
            yield emulator, line
        finally:
            line.close()


def numbers(line: Transport, request: bytes) -> list[int]:
    line.write(request)
    return [int(word) for word in read_until(line, b"\n").split()]


@pytest.mark.parametrize("board_id", EMULATED)
def test_bytes_counts_stack_and_reset(board_id: str) -> None:
    board = load_board(board_id)
    with running(board_id) as (emulator, line):
        check_bytes(line)

        least, most, hz, ns, cycles = numbers(line, b"t")
        assert (least, most) == (2000, 2000)  # two instructions a turn, a thousand turns more than the overhead
        assert ns == board.ns_per_instruction
        assert hz * ns == 1_000_000_000
        assert cycles == 0  # no emulator counts them

        check_stack(numbers(line, b"s"))
        line.write(b"q")
        assert emulator.wait(10) == 0


def test_bytes_on_the_host() -> None:
    line = PipeTransport([str(program("host").elf)])
    try:
        read_until(line, b"ready\n")
        check_bytes(line)
        assert numbers(line, b"t")[2:] == [1_000_000_000, 0, 0]
        assert numbers(line, b"s") == [0, 0, 0]
    finally:
        line.close()


def check_bytes(line: Transport) -> None:
    data = bytes(range(1, 256)) * 8 + b"\0"
    line.write(b"e" + data)
    assert read_until(line, b"\0\n") == data + b"\n"
    data = random.Random(1).randbytes(20_000)
    expected = 0
    for byte in data:
        expected = (expected * 31 + byte) & 0xFFFFFFFF
    assert numbers(line, b"c" + data) == [expected]


def check_stack(used: list[int]) -> None:
    nothing, one, two = used
    assert 0 < nothing < 256
    assert 512 <= one <= 1024
    assert 256 <= two - one <= 512


@pytest.mark.parametrize("board_id", EMULATED)
def test_an_undefined_instruction_is_reported(board_id: str) -> None:
    board = load_board(board_id)
    kind, pc, _, sp, _, cause, _ = fault(board_id, b"u")
    code, stack = board.region(board.placement.code), board.region(board.placement.stack)
    assert code.base < pc < code.end
    assert stack.base < sp <= stack.base + board.reserve.stack_bytes
    if board.build.arch == "riscv":
        assert (kind, cause) == (3, 2)
    else:
        assert (kind, cause) == (1, 0 if board.core == "cortex-m0" else 1 << 16)


@pytest.mark.parametrize("board_id", EMULATED)
def test_a_stack_overflow_is_reported(board_id: str) -> None:
    board = load_board(board_id)
    kind, _, _, sp, _, cause, address = fault(board_id, b"o")
    base = board.region(board.placement.stack).base
    assert sp < base + 512
    expected = {"riscv-virt": (3, 7), "microbit-v1": (1, 0), "mps2-an505": (1, 1 << 20), "mps3-an547": (1, 1 << 20)}
    if board_id in expected:
        assert (kind, cause) == expected[board_id]
    else:
        assert kind == 1
        assert cause & 0x92 == 0x92  # data access and stacking, by address
        assert base - 0x10000 <= address < base


def fault(board_id: str, request: bytes) -> list[int]:
    with running(board_id) as (emulator, line):
        line.write(request)
        name, *values = read_until(line, b"\n").split()
        assert name == b"fault"
        line.write(b"q")  # the UART still works
        assert emulator.wait(10) == 0
    return [int(value) for value in values]


def test_accounts_of_a_bare_port() -> None:
    accounts = program("mps2-an386").accounts
    assert accounts.flash.other == accounts.ram.other == 0


def test_every_board_of_the_list_is_tried() -> None:
    assert len(EMULATED) >= 8


def test_boards_name_existing_ports() -> None:
    def missing(board: Board) -> list[str]:
        return [name for name in board.build.ports if not (firmware_dir() / "ports" / name).is_dir()]

    assert {board.id: missing(board) for board in list_boards() if missing(board)} == {}
