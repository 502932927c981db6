# SPDX-License-Identifier: Apache-2.0
"""edgesdk flash"""

from __future__ import annotations

from typing import Annotated

import typer

from edgesdk.cli.options import BoardId, FloatIo, Input, Json, MaxRecompute, Models, Optimize, Output, Port, Ram, Stream
from edgesdk.cli.output import Progress, emit
from edgesdk.cli.target import choose, plan_options


def flash(
    models: Models,
    board: BoardId = None,
    port: Port = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the emulator running; its socket is printed.")] = False,
    ram: Ram = None,
    optimize: Optimize = "ram",
    input: Input = "resident",
    output: Output = "resident",
    float_io: FloatIo = False,
    stream: Stream = None,
    max_recompute: MaxRecompute = 1.0,
    json: Json = False,
) -> None:
    """Build, program, reset, and check that the board runs these very models.

    `profile` and `verify` with --port then pick theirs among them.

    Example: edgesdk flash kws01.tflite vww01.tflite --board mps2-an386
    """
    from edgesdk.measure.flash import flash as run
    from edgesdk.report.firmware import render_flash

    chosen = choose(board, port, connects=True)
    options = plan_options(optimize, input, float_io, stream, max_recompute, output)
    with Progress() as progress:
        result = run(models, chosen.board, options, ram=ram, port=chosen.port, keep=keep, progress=progress)
    emit(result, render_flash, json)
