# SPDX-License-Identifier: Apache-2.0
"""Arguments and flags that several verbs share."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

import typer

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20}


def parse_size(text: str) -> int:
    """Bytes, with an optional K (1024) or M (1024 * 1024): 16K, 64 KB, 1.5k, 1MiB, 65536."""
    match = re.fullmatch(r"(-?[0-9]{1,12}(?:\.[0-9]{1,6})?) ?(?:([KM])(?:I?B)?|B)?", text.strip().upper())
    if match is None:
        raise typer.BadParameter(f"{text!r} is not a size; write bytes, or a number with K or M, such as 64K")
    size = int(Fraction(match[1]) * _UNITS[match[2] or ""])
    if size <= 0:
        raise typer.BadParameter(f"{text!r} is no size: it must be more than 0 bytes")
    return size


def parse_port(text: str) -> str:
    """The name of a port; empty where a script's variable was."""
    if not text.strip():
        raise typer.BadParameter("the port's name is empty")
    return text


Model = Annotated[Path, typer.Argument(metavar="MODEL", help="The .tflite file.", show_default=False)]
Models = Annotated[
    list[Path], typer.Argument(metavar="MODEL...", help="The .tflite files; they share one arena.", show_default=False)
]
BoardId = Annotated[
    str | None,
    typer.Option("--board", metavar="ID", help="Board, as `edgesdk boards` lists them.", show_default=False),
]
Ram = Annotated[
    int | None,
    typer.Option(
        "--ram",
        metavar="SIZE",
        parser=parse_size,
        help="RAM that the model may take (arena + runtime), such as 64K; default: what the board has.",
        show_default=False,
    ),
]
Optimize = Annotated[
    Literal["ram", "speed", "size"],
    typer.Option("--optimize", help="What the plan spends least of: RAM, instructions within --ram, or flash."),
]
Input = Annotated[
    Literal["resident", "streamed"],
    typer.Option("--input", help="Whether the input lies in RAM as a whole, or its rows arrive one by one."),
]
Output = Annotated[
    Literal["resident", "streamed"],
    typer.Option("--output", help="Whether the output lies in RAM as a whole, or its rows leave as they are made."),
]
MaxRecompute = Annotated[
    float,
    typer.Option(
        "--max-recompute",
        metavar="F",
        min=1.0,
        max=100.0,
        help="How many times the multiply-accumulates of the plan without it may run where that lowers the RAM; above 1"
        " the rows of a streamed input may be asked for again.",
    ),
]
FloatIo = Annotated[
    bool, typer.Option("--float-io", help="Keep float inputs and outputs instead of the int8 boundary.")
]
Stream = Annotated[
    int | None,
    typer.Option(
        "--stream",
        metavar="T",
        min=1,
        help="Take a clip T frames a call, for causal networks over time; the rest stays between the calls.",
        show_default=False,
    ),
]
SomePort = Annotated[
    str | None,
    typer.Option(
        "--port",
        metavar="PORT",
        parser=parse_port,
        help="Serial port or socket://host:port, needed here or in the settings.",
        show_default=False,
    ),
]

Port = Annotated[
    str | None,
    typer.Option(
        "--port",
        metavar="PORT",
        parser=parse_port,
        help="Serial port or socket://host:port; default: the board's emulator.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
