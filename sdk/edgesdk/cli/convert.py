# SPDX-License-Identifier: Apache-2.0
"""edgesdk convert"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from edgesdk.cli.options import Json
from edgesdk.cli.output import Progress, emit
from edgesdk.errors import TOOL_MISSING, EdgeError


def convert(
    model: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="A .keras file, a SavedModel folder, or a float .tflite file."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.tflite", help="The int8 file to write.")],
    calibration: Annotated[
        Path,
        typer.Option(
            "--calibration",
            metavar="DATA.npz",
            help="Typical float32 inputs, a sample in each index of the first axis: one array, or one for each input"
            " under the names 0, 1, ...; an integer array `labels` adds the accuracy.",
        ),
    ],
    test: Annotated[
        Path | None,
        typer.Option(
            "--test", metavar="DATA.npz", help="Other samples to compare float and int8 on.", show_default=False
        ),
    ] = None,
    observer: Annotated[
        Literal["min-max", "moving-average", "percentile", "mse"],
        typer.Option("--observer", help="What the ranges of activations are: see docs/conversion.md."),
    ] = "min-max",
    json: Json = False,
) -> int:
    """Quantize a trained model to an int8 .tflite file, and say what that costs, layer by layer.

    Needs the extra `keras`.

    Example: edgesdk convert net.keras -o net.tflite --calibration images.npz
    """
    # TensorFlow speaks up on stderr, and its oneDNN kernels sum in an order that depends on the machine.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    try:
        from edgesdk_converters.convert import convert_file
    except ImportError as error:
        raise EdgeError(
            TOOL_MISSING,
            "conversion needs Keras and TensorFlow",
            why=str(error),
            tries=("pip install 'edgesdk[keras]'",),
        ) from None
    from edgesdk.cli.paths import check_file
    from edgesdk.report.convert import render_convert

    check_file(output)  # before minutes of work
    with Progress() as progress:
        result = convert_file(model, output, calibration, test=test, observer=observer, progress=progress)
    emit(result, render_convert, json)
    return 0
