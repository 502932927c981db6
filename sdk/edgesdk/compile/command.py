# SPDX-License-Identifier: Apache-2.0
"""Runs a compiler, linker or build tool, and reads what it complains about."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.compile.toolchains import Tool
from edgesdk.errors import BUILD_FAILED, BUILD_OVERFLOW, EdgeError

# What these say would change the bytes.
_DROPPED = re.compile(
    r"CMAKE_.*|NINJA_.*|C(PP)?FLAGS|LDFLAGS|CC|CPATH|C_INCLUDE_PATH|LIBRARY_PATH|COMPILER_PATH|GCC_EXEC_PREFIX"
)
_OVERFLOW = re.compile(r"region [`'](\w+)' overflowed by (\d+) bytes")
_LOG_BYTES = 4000


def run_command(command: Sequence[str], folder: Path, compiler: Tool, board: Board) -> None:
    """Runs one step of a build in `folder`.

    Raises:
        EdgeError: BUILD_OVERFLOW where a memory region is too small; BUILD_FAILED.
    """
    environment = {k: v for k, v in os.environ.items() if not _DROPPED.fullmatch(k)} | dict(compiler.env)
    environment["LC_ALL"] = "C"  # the linker's complaints are read below
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return
    overflows = [(board.region(name), int(excess)) for name, excess in _OVERFLOW.findall(done.stdout)]
    if overflows:
        needs = [f"{r.bytes + excess:,} bytes of {r.name}, which has {r.bytes:,}" for r, excess in overflows]
        raise EdgeError(
            BUILD_OVERFLOW,
            f"the firmware needs {', and '.join(dict.fromkeys(needs))}",
            where=board.id,
            tries=("choose a board with more memory: edgesdk boards",),
        )
    raise EdgeError(BUILD_FAILED, f"the firmware does not compile for {board.id}", why=_complaint(done.stdout))


def _complaint(log: str) -> str:
    """The log from its first error on."""
    found = re.search(r"^.*(\b[Ee]rror\b|undefined reference|\bld: ).*$", log, re.MULTILINE)
    return log[found.start() :][:_LOG_BYTES].strip() if found else log[-_LOG_BYTES:].strip()
