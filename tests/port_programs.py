# SPDX-License-Identifier: Apache-2.0
"""Builds a test's own program on a board's port, in place of the application."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.compile.accounts import read_accounts
from edgesdk.compile.build import Firmware
from edgesdk.compile.settings import board_settings
from edgesdk.compile.toolchains import find_compiler
from edgesdk.link.transport import Transport
from edgesdk.resources import firmware_dir


def build_program(board: Board, program: Path, directory: Path) -> Firmware:
    """Compiles `program`, which has main and edge_app_fault, with the board's port."""
    firmware, settings = firmware_dir(), board_settings(board)
    script, elf = directory / f"{board.id}.ld", directory / f"{board.id}.elf"
    script.write_text(settings.linker_script)
    ports = [firmware / "ports" / name for name in board.build.ports]
    variables = settings.variables
    command = [
        str(find_compiler(board).path),
        *variables["EDGE_FLAGS"].split(";"),
        *("-std=c11", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-ffunction-sections", "-fdata-sections"),
        "-fno-tree-loop-distribute-patterns",
        *(f"-D{define}" for define in variables["EDGE_DEFINES"].split(";")),
        *(f"-I{folder}" for folder in (firmware / "ports", firmware / "include", *ports)),
        str(program),
        *(str(source) for folder in ports for source in sorted(folder.glob("*.c"))),
        *settings.link_flags,
        *("-Wl,--gc-sections", f"-Wl,-T,{script}"),
        *(f"-l{name}" for name in variables["EDGE_SYSTEM_LIBRARIES"].split(";") if name),
        *("-o", str(elf)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Firmware(elf, board, read_accounts(elf, board), "", ())


def read_until(line: Transport, end: bytes, timeout_s: float = 30.0) -> bytes:
    """What arrives up to and with `end`; fails where it does not come."""
    data, limit = b"", time.monotonic() + timeout_s
    while not data.endswith(end):
        assert time.monotonic() < limit, f"only {len(data)} bytes came, the last {data[-40:]!r}"
        data += line.read(0.2)
    return data
