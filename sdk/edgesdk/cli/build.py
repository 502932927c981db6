# SPDX-License-Identifier: Apache-2.0
"""edgesdk build"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edgesdk.cli.options import BoardId, FloatIo, Input, Json, MaxRecompute, Models, Optimize, Output, Ram, Stream
from edgesdk.cli.output import Progress, emit
from edgesdk.cli.paths import check_folder
from edgesdk.cli.target import choose, plan_options


def build(
    models: Models,
    directory: Annotated[
        Path,
        typer.Option("--directory", "-o", metavar="DIR", help="Folder for the firmware.", show_default=False),
    ],
    board: BoardId = None,
    ram: Ram = None,
    optimize: Optimize = "ram",
    input: Input = "resident",
    output: Output = "resident",
    float_io: FloatIo = False,
    stream: Stream = None,
    max_recompute: MaxRecompute = 1.0,
    json: Json = False,
) -> None:
    """Compile models into firmware.

    Example: edgesdk build kws01.tflite --board mps2-an386 -o out
    """
    from edgesdk.measure.build import build as run
    from edgesdk.report.firmware import render_build

    check_folder(directory)
    with Progress() as progress:
        progress("build")
        result = run(
            models,
            choose(board).board,
            plan_options(optimize, input, float_io, stream, max_recompute, output),
            directory,
            ram=ram,
        )
    emit(result, render_build, json)
