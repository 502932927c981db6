# SPDX-License-Identifier: Apache-2.0
"""edgesdk bench"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edgesdk.cli.options import FloatIo, Input, Json, MaxRecompute, Optimize, Output
from edgesdk.cli.output import Progress, emit
from edgesdk.cli.target import plan_options
from edgesdk.errors import EXIT_CHECK_FAILED


def bench(
    models: Annotated[list[Path], typer.Argument(metavar="MODEL...", help="The .tflite files.", show_default=False)],
    boards: Annotated[
        str,
        typer.Option("--boards", metavar="A,B,...", help="Boards that have emulators, or host.", show_default=False),
    ],
    optimize: Optimize = "ram",
    input: Input = "resident",
    output: Output = "resident",
    float_io: FloatIo = False,
    max_recompute: MaxRecompute = 1.0,
    json: Json = False,
) -> int:
    """Profile several models on several boards into one table; exit 1 where one of them failed.

    Example: edgesdk bench kws01.tflite ic01.tflite --boards mps2-an386,riscv-virt
    """
    from edgesdk.boards import load_board
    from edgesdk.measure.bench import bench as run
    from edgesdk.report.bench import render_bench

    chosen = [load_board(name.strip()) for name in boards.split(",") if name.strip()]
    if not chosen:
        raise typer.BadParameter("--boards names no board")
    with Progress() as progress:
        table = run(
            models,
            chosen,
            plan_options(optimize, input, float_io, max_recompute=max_recompute, output_mode=output),
            progress=progress,
        )
    emit(table, render_bench, json)
    return EXIT_CHECK_FAILED if any(row.error for row in table.rows) else 0
