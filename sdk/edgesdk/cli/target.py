# SPDX-License-Identifier: Apache-2.0
"""From flags and settings to a board, a port and the plan's options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgesdk.cli.config import settings
from edgesdk.cli.output import note
from edgesdk.errors import USAGE, EdgeError

if TYPE_CHECKING:
    from edgesdk.boards import Board
    from edgesdk.model.plan import Options


@dataclass(frozen=True)
class Chosen:
    """What the command line and the settings files say."""

    board: Board
    port: str | None


def choose(board: str | None, port: str | None = None, *, connects: bool = False) -> Chosen:
    """The board and the port.

    Args:
        connects: whether the verb talks to the board; then the use of an emulator is announced.

    Raises:
        EdgeError: USAGE where no board is given, BOARD_UNKNOWN, BOARD_INVALID.
    """
    from edgesdk.boards import load_board

    found = settings({"board": board, "port": port})
    name, chosen_port = found["board"].value, found["port"].value
    if name is None:
        raise EdgeError(
            USAGE,
            "no board is given",
            tries=(
                "add --board ID",
                "list the boards: edgesdk boards",
                'write board = "ID" into edgesdk.toml',
            ),
        )
    loaded = load_board(name)
    if connects and chosen_port is None and loaded.emulator is not None:
        note(f"{loaded.id}: no port given, so its emulator runs the firmware")
    return Chosen(loaded, chosen_port)


def plan_options(
    optimize: str,
    input_mode: str,
    float_io: bool,
    stream: int | None = None,
    max_recompute: float = 1.0,
    output_mode: str = "resident",
) -> Options:
    """The plan's options from the flags."""
    from edgesdk.model.plan import Options

    return Options(
        optimize=optimize,
        input=input_mode,
        float_io=float_io,
        stream=stream,
        max_recompute=max_recompute,
        output=output_mode,
    )
