# SPDX-License-Identifier: Apache-2.0
"""edgesdk monitor"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from edgesdk.cli.config import settings
from edgesdk.cli.options import Json, SomePort
from edgesdk.cli.output import emit
from edgesdk.errors import EXIT_CHECK_FAILED, USAGE, EdgeError
from edgesdk.text import printable

_LINE_LIMIT = 4000


def monitor(
    port: SomePort = None,
    baud: Annotated[int, typer.Option("--baud", metavar="N", min=1, help="Speed of a serial port.")] = 115200,
    send: Annotated[
        list[str] | None,
        typer.Option("--send", metavar="COMMAND", help="Send this, wait for its answer, end; repeatable."),
    ] = None,
    json: Json = False,
) -> int:
    """Talk to a board in text: the MLPerf Tiny commands, such as name, profile, infer 10 1.

    Without --send, commands are read from the keyboard (Ctrl-D ends) or from a pipe, one a line; exit 1 where
    the board answered one with an error (a line that starts with e-).

    Example: edgesdk monitor --port /dev/ttyACM0 --send name --send profile
    """
    from edgesdk.measure.monitor import converse, interact

    chosen = settings({"port": port})["port"].value
    if chosen is None:
        raise EdgeError(
            USAGE,
            "no port is given",
            tries=(
                "add --port PORT",
                "edgesdk flash MODEL --board ID --keep leaves an emulator's socket open",
            ),
        )
    if json:
        if not send:
            raise EdgeError(USAGE, "--json needs --send")
        result = converse(chosen, send, baud)
        emit(result, lambda shown: shown.lines, as_json=True)
    elif send or not sys.stdin.isatty():
        commands = send or [line.strip() for line in sys.stdin if line.strip()]
        result = converse(chosen, commands, baud, _show)
    else:
        interact(chosen, sys.stdin.fileno(), _show, baud)
        return 0
    return EXIT_CHECK_FAILED if any(line.startswith("e-") for line in result.lines) else 0


def _show(line: str) -> None:
    print(printable(line, _LINE_LIMIT), flush=True)
