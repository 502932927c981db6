# SPDX-License-Identifier: Apache-2.0
"""Runs CMake and Ninja on the firmware."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.compile.command import run_command
from edgesdk.compile.toolchains import Tool, binary_tool, require_tool


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
        EdgeError: TOOL_MISSING, BUILD_FAILED, BUILD_OVERFLOW.
    """
    cmake, ninja = require_tool("cmake"), require_tool("ninja")
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
            "CMAKE_AR": str(binary_tool(compiler, "ar")),
            "CMAKE_RANLIB": str(binary_tool(compiler, "ranlib")),
        }
    configure = [str(cmake.path), "-G", "Ninja", "-S", str(source), "-B", str(build)]
    configure += [f"-D{name}={value}" for name, value in settings.items()]
    run_command(configure, build.parent, compiler, board)
    run_command([str(ninja.path), "-C", str(build), *targets], build.parent, compiler, board)
