# SPDX-License-Identifier: Apache-2.0
"""edgesdk profile"""

from __future__ import annotations

from typing import Annotated

import typer

from edgesdk.cli.options import BoardId, FloatIo, Input, Json, MaxRecompute, Model, Optimize, Output, Port, Ram, Stream
from edgesdk.cli.output import Progress, emit
from edgesdk.cli.target import choose, plan_options


def profile(
    model: Model,
    board: BoardId = None,
    port: Port = None,
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=1, max=10_000, help="Inferences to time.")] = 1,
    ram: Ram = None,
    optimize: Optimize = "ram",
    input: Input = "resident",
    output: Output = "resident",
    float_io: FloatIo = False,
    stream: Stream = None,
    max_recompute: MaxRecompute = 1.0,
    json: Json = False,
) -> None:
    """Measure what a model costs on a board, layer by layer.

    A physical board is never programmed: flash it first.

    Example: edgesdk profile kws01.tflite --board mps2-an386
    """
    from edgesdk.measure.profile import profile as run
    from edgesdk.report.profile import render_profile

    chosen = choose(board, port, connects=True)
    options = plan_options(optimize, input, float_io, stream, max_recompute, output)
    with Progress() as progress:
        result = run(model, chosen.board, options, ram=ram, port=chosen.port, runs=runs, progress=progress)
    emit(result, render_profile, json)
