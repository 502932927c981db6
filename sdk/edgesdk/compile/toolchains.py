# SPDX-License-Identifier: Apache-2.0
"""Compilers, build tools and emulators: where they are on this machine."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.errors import TOOL_MISSING, EdgeError

# Debian's and Ubuntu's package of each tool. cmake and ninja come with edgesdk's own dependencies.
PACKAGES: Mapping[str, str] = {
    "arm-none-eabi-gcc": "gcc-arm-none-eabi",
    "riscv64-unknown-elf-gcc": "gcc-riscv64-unknown-elf",
    "cc": "gcc",
    "qemu-system-arm": "qemu-system-arm",
    "qemu-system-riscv32": "qemu-system-misc",
}

_COMPILERS: Mapping[str, str] = {
    "arm": "arm-none-eabi-gcc",
    "riscv": "riscv64-unknown-elf-gcc",
    "host": "cc",
}


@dataclass(frozen=True)
class Tool:
    """A program, and what its environment needs beyond this process's own."""

    name: str
    path: Path
    env: Mapping[str, str] = field(default_factory=dict)


def cache_dir() -> Path:
    """The user's cache of edgesdk; removing it costs time only."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "edgesdk"


def unpacked_root() -> Path:
    """Where `toolchain install` unpacks packages for a user who is not root."""
    return cache_dir() / "toolchain"


def tool_names(board: Board) -> tuple[str, ...]:
    """The tools that building for a board, and emulating it, take."""
    emulator = (board.emulator.program,) if board.emulator else ()
    return ("cmake", "ninja", _COMPILERS[board.build.arch], *emulator)


def find_compiler(board: Board) -> Tool:
    """The C compiler of a board. Raises EdgeError TOOL_MISSING."""
    return require_tool(_COMPILERS[board.build.arch])


def binary_tool(compiler: Tool, name: str) -> Path:
    """`ar` and the like that belong to a compiler; those of this machine are on PATH."""
    if compiler.name == "cc":
        return Path(shutil.which(name) or name)
    return compiler.path.with_name(f"{compiler.path.name.removesuffix('gcc')}{name}")


def find_tool(name: str) -> Tool | None:
    """A tool by name: on PATH, beside this Python (cmake, ninja), or unpacked by `toolchain install`.

    `cc` is what the environment variable CC names, where it is set.
    """
    wanted = os.environ.get("CC") or name if name == "cc" else name
    found = (_of_this_python(name) if name in ("cmake", "ninja") else None) or shutil.which(wanted)
    if found is not None:
        return Tool(name, Path(found))
    root = unpacked_root()
    unpacked = root / "usr/bin" / name
    if unpacked.is_file():
        libraries = [p for d in ("usr/lib", "lib") for p in (root / d, *sorted((root / d).glob("*-linux-gnu*")))]
        path = os.pathsep.join(str(p) for p in libraries if p.is_dir())
        return Tool(name, unpacked, {"LD_LIBRARY_PATH": path})
    return None


def require_tool(name: str) -> Tool:
    """`find_tool`, or EdgeError TOOL_MISSING that says how to get it."""
    tool = find_tool(name)
    if tool is not None:
        return tool
    if name == "cc" and os.environ.get("CC"):
        raise EdgeError(
            TOOL_MISSING, f"{os.environ['CC']} is not on PATH", why="CC names it", tries=("unset CC, or correct it",)
        )
    if name in PACKAGES:
        tries = ("edgesdk toolchain install", f"install {PACKAGES[name]} with your package manager")
    else:
        tries = (f"pip install {name}", f"install {name} with your package manager")
    raise EdgeError(TOOL_MISSING, f"{name} is not on this machine", tries=tries)


def tool_version(tool: Tool) -> str:
    """The first line of what the tool says to --version. Raises EdgeError TOOL_MISSING where it does not run."""
    try:
        done = subprocess.run(
            [tool.path, "--version"], env=os.environ | tool.env, capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EdgeError(
            TOOL_MISSING,
            f"{tool.name} does not run",
            where=str(tool.path),
            why=str(error),
            tries=("edgesdk toolchain install",),
        ) from None
    return next((line.strip() for line in done.stdout.splitlines() if line.strip()), "unknown")


def _of_this_python(name: str) -> str | None:
    """cmake and ninja of the Python packages, which a Python run by its path does not have on PATH."""
    if importlib.util.find_spec(name) is None:
        return None
    return shutil.which(name, path=sysconfig.get_path("scripts"))
