# SPDX-License-Identifier: Apache-2.0
"""A text conversation with a board: the MLPerf Tiny commands."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterator, Sequence

from edgesdk.errors import DEVICE_LOST, EdgeError
from edgesdk.link.client import Device
from edgesdk.link.transport import BAUD, Transport, open_port
from edgesdk.measure.results import MonitorResult

READY = "m-ready"
QUIET_S = 120.0  # a long `infer` says nothing while it runs
SETTLE_S = 0.2
_LONGEST_LINE = 1 << 16


def converse(
    port: str, commands: Sequence[str], baud: int = BAUD, show: Callable[[str], None] | None = None
) -> MonitorResult:
    """Sends text commands one after the other, each once the one before is answered.

    Args:
        port: as `open_port` takes it.
        commands: with or without the closing "%".
        show: gets every line as it comes, unescaped.

    Raises:
        EdgeError: of opening and greeting; DEVICE_LOST after QUIET_S of silence within an answer.
    """
    sent = tuple(command.rstrip("%") + "%" for command in commands)
    lines: list[str] = []
    transport = _text_mode(port, baud)
    try:
        for command in sent:
            transport.write(command.encode())
            for line in _lines(transport, QUIET_S):
                lines.append(line)
                if show:
                    show(line)
                if READY in line:
                    break
            else:
                raise EdgeError(DEVICE_LOST, f"no answer to {command!r} within {QUIET_S:g} s", where=port)
    finally:
        transport.close()
    return MonitorResult(port=port, sent=sent, lines=tuple(lines))


def interact(port: str, keyboard: int, show: Callable[[str], None], baud: int = BAUD) -> None:
    """Shows every line of the board, and sends every line typed, until the keyboard ends.

    Args:
        keyboard: file descriptor to read commands from, line by line.
        show: gets the board's lines, unescaped.
    """
    transport = _text_mode(port, baud)
    typed = b""
    lines = _lines(transport, None)
    try:
        while True:
            for line in lines:
                if not line:
                    break
                show(line)
            if not select.select([keyboard], [], [], 0)[0]:
                continue
            data = os.read(keyboard, 4096)
            *commands, typed = (typed + data).split(b"\n")
            for command in (c.strip().rstrip(b"%") for c in commands):
                if command:
                    transport.write(command + b"%")
            if not data:
                return
    finally:
        transport.close()


def _text_mode(port: str, baud: int) -> Transport:
    """An open port whose device takes text, whatever mode it was in before."""
    with Device.connect(open_port(port, baud)) as device:
        device.text()
    transport = open_port(port, baud)
    while transport.read(SETTLE_S):  # the rest of the greeting
        pass
    return transport


def _lines(transport: Transport, quiet_s: float | None) -> Iterator[str]:
    """The device's lines, until quiet_s seconds of silence; with None, an empty line for each 0.1 s of it."""
    partial = b""
    heard = time.monotonic()
    while quiet_s is None or time.monotonic() - heard < quiet_s:
        data = transport.read(0.1)
        if not data:
            if quiet_s is None:
                yield ""
            continue
        heard = time.monotonic()
        *complete, partial = (partial + data).split(b"\n")
        partial = partial[-_LONGEST_LINE:]
        for line in complete:
            yield line.strip(b"\r\0").decode("utf-8", "backslashreplace")
