# SPDX-License-Identifier: Apache-2.0
"""edgesdk boards"""

from __future__ import annotations

from typing import Annotated

import typer

from edgesdk.cli.options import Json
from edgesdk.cli.output import emit


def boards(
    board: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Show everything about this board.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """List the boards that edgesdk knows.

    Example: edgesdk boards mps2-an386
    """
    from edgesdk.measure.machine import board_list
    from edgesdk.report.machine import render_board, render_boards

    result = board_list(board)
    emit(result, lambda shown: render_board(shown.boards[0]) if board else render_boards(shown), json)
