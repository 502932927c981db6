# SPDX-License-Identifier: Apache-2.0
"""Programs a physical board with the external tool that its board file names."""

from __future__ import annotations

import shutil
import subprocess

from edgesdk.boards import Board
from edgesdk.compile.build import Firmware
from edgesdk.errors import TOOL_FAILED, TOOL_MISSING, USAGE, EdgeError

TIMEOUT_S = 300.0


def find_programmer(board: Board) -> tuple[str, ...]:
    """The command of the first programmer of the board that is installed.

    Raises:
        EdgeError: USAGE where the board file names none, TOOL_MISSING where none is installed.
    """
    if not board.programmers:
        raise EdgeError(
            USAGE,
            f"{board.id} has no programmer",
            why="its board file has no [[programmers]]",
            tries=(*(("leave --port out to run its emulator",) if board.emulator else ()), "docs/porting.md shows one"),
        )
    for programmer in board.programmers:
        if shutil.which(programmer.command[0]):
            return programmer.command
    names = ", ".join(p.command[0] for p in board.programmers)
    raise EdgeError(
        TOOL_MISSING,
        f"no programmer for {board.id} is installed: {names}",
        tries=tuple(f"install {p.install}" for p in board.programmers),
    )


def program(firmware: Firmware, port: str) -> None:
    """Programs and resets the board; `{elf}` and `{port}` in the board file's command stand for the two.

    Raises:
        EdgeError: as find_programmer, TOOL_FAILED with the end of what the tool said.
    """
    command = [a.replace("{elf}", str(firmware.elf)).replace("{port}", port) for a in find_programmer(firmware.board)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise EdgeError(TOOL_FAILED, f"{command[0]} did not finish within {TIMEOUT_S:g} s") from None
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip())[-1000:]
        raise EdgeError(TOOL_FAILED, f"{command[0]} failed with {done.returncode}", where=firmware.board.id, why=said)
