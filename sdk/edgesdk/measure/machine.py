# SPDX-License-Identifier: Apache-2.0
"""The boards and the tools, as results."""

from __future__ import annotations

from edgesdk.boards import Board, list_boards, load_board
from edgesdk.compile.install import install_tools
from edgesdk.compile.toolchains import find_tool, tool_names, tool_version
from edgesdk.errors import EdgeError
from edgesdk.measure.results import BoardInfo, BoardList, ToolInfo, ToolList


def board_list(board: str | None = None) -> BoardList:
    """All boards, or the one of this id.

    Raises:
        EdgeError: BOARD_UNKNOWN, BOARD_INVALID.
    """
    return BoardList(tuple(_info(b) for b in ((load_board(board),) if board else list_boards())))


def tool_list() -> ToolList:
    """Every tool that a board needs, with the boards that need it."""
    serves: dict[str, list[str]] = {}
    for board in list_boards():
        for name in tool_names(board):
            serves.setdefault(name, []).append(board.id)
    return ToolList(tuple(_tool(name, tuple(ids)) for name, ids in serves.items()))


def install_missing() -> tuple[str, ...]:
    """Installs every missing tool; the packages that were installed.

    Raises:
        EdgeError: TOOL_MISSING, TOOL_FAILED.
    """
    return install_tools([tool.name for tool in tool_list().tools if tool.path is None]).packages


def _tool(name: str, serves: tuple[str, ...]) -> ToolInfo:
    tool = find_tool(name)
    if tool is None:
        return ToolInfo(name, None, None, serves)
    try:
        version: str | None = tool_version(tool)
    except EdgeError:  # it is there and does not run
        version = None
    return ToolInfo(name, str(tool.path), version, serves)


def _info(board: Board) -> BoardInfo:
    sizes = {kind: {r.name: r.bytes for r in board.memory if r.kind == kind} for kind in ("ram", "flash")}
    return BoardInfo(
        id=board.id,
        name=board.title,
        chip=board.chip,
        core=board.core,
        ram=sizes["ram"],
        flash=sizes["flash"],
        emulator=f"{board.emulator.program} {board.emulator.machine}" if board.emulator else None,
        status=board.status,
        arena=board.placement.arena,
        reserve={
            board.placement.stack: board.reserve_ram_bytes,
            board.placement.code: board.reserve_flash_bytes,
        },
        uart=f"{board.uart.name}, {board.uart.baud:,} baud",
        programmers=tuple(p.command[0] for p in board.programmers),
    )
