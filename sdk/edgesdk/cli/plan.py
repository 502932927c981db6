# SPDX-License-Identifier: Apache-2.0
"""edgesdk plan"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edgesdk.cli.options import BoardId, FloatIo, Input, Json, MaxRecompute, Model, Optimize, Output, Ram, Stream
from edgesdk.cli.output import emit, note
from edgesdk.cli.paths import check_file
from edgesdk.cli.target import choose, plan_options
from edgesdk.files import write_file
from edgesdk.text import printable


def plan(
    model: Model,
    board: BoardId = None,
    ram: Ram = None,
    optimize: Optimize = "ram",
    input: Input = "resident",
    output: Output = "resident",
    float_io: FloatIo = False,
    stream: Stream = None,
    max_recompute: MaxRecompute = 1.0,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what holds the peak and what would lower it; plans the alternatives.")
    ] = False,
    svg: Annotated[
        Path | None,
        typer.Option("--svg", metavar="FILE", help="Draw the memory over time as SVG.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Say what a model will cost on a board, before anything is built.

    Example: edgesdk plan kws01.tflite --board mps2-an386 --ram 32K

    Example: edgesdk plan upscale.tflite --board microbit-v1 --input streamed --output streamed
    """
    from edgesdk.measure.plan import plan_report
    from edgesdk.measure.prepare import check_fit, prepare
    from edgesdk.report.plan import render_plan
    from edgesdk.report.timeline_svg import svg_text

    if svg is not None:
        check_file(svg)
    prepared = prepare(
        model,
        choose(board).board,
        plan_options(optimize, input, float_io, stream, max_recompute, output),
        ram,
        fit=False,
    )
    report = plan_report(prepared, ram, explain=explain)
    if svg is not None:
        write_file(svg, svg_text(report).encode())
        note(f"wrote {printable(str(svg))}")
    if not json:
        emit(report, render_plan, json)  # what does not fit is shown too
    check_fit(prepared, ram=ram)
    if json:
        emit(report, render_plan, json)
