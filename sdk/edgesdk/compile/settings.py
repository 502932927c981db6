# SPDX-License-Identifier: Apache-2.0
"""What a board file means to the compiler and the linker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jinja2

from edgesdk import __version__
from edgesdk.boards import Board
from edgesdk.compile.accounts import CODE_ARCHIVES, WEIGHTS_PATTERN
from edgesdk.errors import BOARD_INVALID, USAGE, EdgeError
from edgesdk.extension import operator_packages
from edgesdk.resources import firmware_dir

# No libc: its headers are the compiler's and ports/freestanding. -fbuiltin keeps memcpy of a few bytes a move.
_BARE = ("-ffreestanding", "-fbuiltin", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables")
_BARE_LINK = ("-nostdlib", "-Wl,-n", "-Wl,-z,max-page-size=16")
# Not position-independent: pointers in constants would need relocation, hence RAM.
_HOST = ("-fno-pie",)
_HOST_LINK = ("-no-pie",)
_SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g")
_ANY_EMULATOR_NS = 128
"""Nanoseconds per instruction for a board without an emulator: its port finds out at run time that none runs it."""
_ENTRIES = {"arm": "edge_port_start", "riscv": "edge_port_reset_vector"}


@dataclass(frozen=True)
class Settings:
    """CMake variables, linker flags and the linker script of a board."""

    board: Board
    variables: Mapping[str, str]
    link_flags: tuple[str, ...]
    linker_script: str

    def definitions(self) -> dict[str, str]:
        """All of the CMake variables. The linker script is the last link flag, added where something is linked."""
        return {**self.variables, "EDGE_LINK_FLAGS": _list(self.link_flags)}


def board_settings(board: Board, test_defines: Sequence[str] = (), sanitize: bool = False) -> Settings:
    """The settings of a board.

    Raises:
        EdgeError: BOARD_INVALID where a port has no folder, USAGE for sanitizers anywhere but on the host.
    """
    for port in board.build.ports:
        if not (firmware_dir() / "ports" / port).is_dir():
            known = sorted(path.name for path in (firmware_dir() / "ports").iterdir() if path.is_dir())
            raise EdgeError(
                BOARD_INVALID,
                f"the board file's field build.ports names {port}, which firmware/ports does not have",
                where=board.id,
                tries=(f"there are {', '.join(known)}",),
            )
    host = board.build.arch == "host"
    if sanitize and not host:
        raise EdgeError(USAGE, f"sanitizers run on the host board, not on {board.id}")
    sanitizers = _SANITIZERS if sanitize else ()
    return Settings(
        board,
        {
            "EDGE_PORTS": _list(board.build.ports),
            "EDGE_FAMILIES": _list(board.families),
            "EDGE_KERNEL_FOLDERS": _list([str(package.sources) for package in operator_packages()]),
            "EDGE_FLAGS": _list((*board.build.flags, *(_HOST if host else _BARE), *sanitizers)),
            "EDGE_DEFINES": _list((*_defines(board), *test_defines)),
            "EDGE_SYSTEM_LIBRARIES": "" if host else "gcc",
        },
        (*(_HOST_LINK if host else _BARE_LINK), *sanitizers),
        _host_script() if host else _linker_script(board),
    )


def _defines(board: Board) -> list[str]:
    registers = {
        **board.build.defines,
        "EDGE_CLOCK_HZ": board.clock_hz,
        "EDGE_UART_BASE": board.uart.base,
        "EDGE_BAUD": board.uart.baud,
        "EDGE_NS_PER_INSTRUCTION": board.ns_per_instruction or _ANY_EMULATOR_NS,
    }
    app: dict[str, int | str] = {
        "EDGE_APP_PAYLOAD": board.app.payload_bytes,
        "EDGE_APP_PROFILE_OPS": board.app.profile_ops,
        "EDGE_APP_DB_BYTES": board.app.db_bytes,
        "EDGE_APP_VERSION": f'"{__version__}"',
        "EDGE_APP_BOARD": f'"{board.id}"',
        "EDGE_APP_CORE": f'"{board.core}"',
    }
    return [f"{name}={v:#x}u" for name, v in registers.items()] + [f"{name}={v}" for name, v in app.items()]


def _linker_script(board: Board) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)
    template = (firmware_dir() / "ports/edge.ld.jinja").read_text()
    return environment.from_string(template).render(
        board=board.id,
        entry=_ENTRIES[board.build.arch],
        regions=board.memory,
        code=board.placement.code,
        weights=board.placement.weights,
        stack=board.placement.stack,
        arena_regions=[r.name for r in board.memory if r.kind == "ram"],
        stack_bytes=board.reserve.stack_bytes,
        code_archives=CODE_ARCHIVES,
        weights_pattern=WEIGHTS_PATTERN,
    )


def _host_script() -> str:
    return (firmware_dir() / "ports/host/accounts.ld").read_text()


def _list(items: Sequence[str]) -> str:
    return ";".join(items)
