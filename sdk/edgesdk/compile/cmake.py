# SPDX-License-Identifier: Apache-2.0
"""Runs CMake and Ninja on the firmware, and reads what they complain about."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.compile.toolchains import Tool, require_tool
from edgesdk.errors import BUILD_FAILED, BUILD_OVERFLOW, EdgeError

# What these say would change the bytes.
_DROPPED = re.compile(
    r"CMAKE_.*|NINJA_.*|C(PP)?FLAGS|LDFLAGS|CC|CPATH|C_INCLUDE_PATH|LIBRARY_PATH|COMPILER_PATH|GCC_EXEC_PREFIX"
)
_OVERFLOW = re.compile(r"region [`'](\w+)' overflowed by (\d+) bytes")
_LOG_BYTES = 4000


def run_cmake(
    source: Path,
    build: Path,
    compiler: Tool,
    variables: Mapping[str, str],
    targets: Sequence[str],
    board: Board,
) -> None:
    """Configures `source` in `build` and builds the targets.

    Raises:
        EdgeError: TOOL_MISSING; BUILD_OVERFLOW where a memory region is too small; BUILD_FAILED.
    """
    cmake, ninja = require_tool("cmake"), require_tool("ninja")
    prefix = compiler.path.name.removesuffix("gcc") if board.build.arch != "host" else ""
    settings = {
        "CMAKE_MAKE_PROGRAM": str(ninja.path),
        "CMAKE_C_COMPILER": str(compiler.path),
        "CMAKE_C_COMPILER_WORKS": "1",
        "CMAKE_BUILD_TYPE": "",
        "CMAKE_C_FLAGS": "",
        "CMAKE_EXE_LINKER_FLAGS": "",
        **variables,
    }
    if board.build.arch != "host":
        settings |= {
            "CMAKE_SYSTEM_NAME": "Generic",
            "CMAKE_AR": str(compiler.path.with_name(f"{prefix}ar")),
            "CMAKE_RANLIB": str(compiler.path.with_name(f"{prefix}ranlib")),
        }
    environment = {k: v for k, v in os.environ.items() if not _DROPPED.fullmatch(k)} | dict(compiler.env)
    environment["LC_ALL"] = "C"  # the linker's complaints are read below
    _run(
        [str(cmake.path), "-G", "Ninja", "-S", str(source), "-B", str(build)]
        + [f"-D{name}={value}" for name, value in settings.items()],
        environment,
        board,
    )
    _run([str(ninja.path), "-C", str(build), *targets], environment, board)


def _run(command: Sequence[str], environment: Mapping[str, str], board: Board) -> None:
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return
    overflow = _OVERFLOW.search(done.stdout)
    if overflow:
        region = board.region(overflow[1])
        raise EdgeError(
            BUILD_OVERFLOW,
            f"the firmware needs {region.bytes + int(overflow[2]):,} bytes of {region.name}, "
            f"which has {region.bytes:,}",
            where=board.id,
            tries=("choose a board with more memory: edgesdk boards",),
        )
    raise EdgeError(BUILD_FAILED, f"the firmware does not compile for {board.id}", why=_complaint(done.stdout))


def _complaint(log: str) -> str:
    """The log from its first error on."""
    found = re.search(r"^.*\b(error|Error|undefined reference|assertion)\b.*$", log, re.MULTILINE)
    return log[found.start() :][:_LOG_BYTES].strip() if found else log[-_LOG_BYTES:].strip()
