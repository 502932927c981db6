# SPDX-License-Identifier: Apache-2.0
"""Arguments and flags that several verbs share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20}


def parse_size(text: str) -> int:
    """Bytes, with an optional K (1024) or M (1024 * 1024): 16K, 64k, 1M, 65536."""
    match = re.fullmatch(r"([0-9]{1,12})([KM]?)", text.strip().upper())
    if match is None or int(match[1]) == 0:
        raise typer.BadParameter(f"{text!r} is not a size; write bytes, or a number with K or M, such as 64K")
    return int(match[1]) * _UNITS[match[2]]


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
    Literal["ram", "speed"],
    typer.Option("--optimize", help="What the plan spends least of: RAM, or instructions within --ram."),
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
        help="How many times the model's multiply-accumulates may run where that lowers the RAM.",
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
Port = Annotated[
    str | None,
    typer.Option(
        "--port",
        metavar="PORT",
        help="Serial port or socket://host:port; default: the board's emulator.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
