# SPDX-License-Identifier: Apache-2.0
"""edgesdk export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from edgesdk.cli.options import Json, Model
from edgesdk.cli.output import Progress, emit
from edgesdk.cli.paths import check_folder


def export(
    model: Model,
    format: Annotated[
        Literal["litert"],
        typer.Option("--format", help="litert: a delegate with which LiteRT runs the model's custom operators."),
    ],
    directory: Annotated[
        Path, typer.Option("--directory", "-o", metavar="DIR", help="Folder for the files.", show_default=False)
    ],
    json: Json = False,
) -> None:
    """Write a model in a form for another runtime.

    Example: edgesdk export net.tflite --format litert -o out
    """
    from edgesdk.measure.export import export_litert
    from edgesdk.report.export import render_export

    check_folder(directory)
    with Progress() as progress:
        progress("build")
        result = export_litert(model, directory)
    emit(result, render_export, json)
